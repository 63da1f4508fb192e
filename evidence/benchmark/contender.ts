import type { BenchServer } from './bench-server.ts';

/** What is measured: a worker, what it needs, and a workflow that it runs. */
export interface Contender {
  /** For the report: `orders`. */
  readonly name: string;
  /** Starts its processes. The server is still empty, or has been used by other contenders. */
  start(server: BenchServer): Promise<RunningContender>;
}

export interface RunningContender {
  /** Its processes, by what they are. */
  readonly processes: readonly ContenderProcess[];
  /**
   * Starts one workflow and waits until it has completed.
   * @param id letters, digits and dashes; never used before on this server
   * @returns its workflow id
   * @throws when it does not complete
   */
  run(id: string): Promise<string>;
  stop(): Promise<void>;
}

export interface ContenderProcess {
  readonly role: 'worker' | 'services';
  readonly pid: number;
}
