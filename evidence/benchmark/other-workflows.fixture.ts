/** The shortest workflow: one workflow task, and no action but its start. */
export async function echo(input: unknown): Promise<unknown> {
  return input;
}
