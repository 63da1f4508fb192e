export default async function stopTemporal() {
  await globalThis.temporalServer?.stop();
}
