import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports the processor time of a process in ticks of 10 ms: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICK_MS = 10;

/** What Linux knows about a process. */
interface ProcessTimes {
  readonly parent: number;
  /** Of the process and of those of its children that have ended, in milliseconds. */
  readonly ms: number;
}

/**
 * The processor time of a process and of all that it has started, in milliseconds; undefined where the system does not
 * say, which is everywhere but on Linux.
 */
export function processorMsOf(pid: number): number | undefined {
  const processes = allProcesses();
  if (processes === undefined || !processes.has(pid)) return undefined;
  let ms = 0;
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    ms += processes.get(next)?.ms ?? 0;
    for (const [child, { parent }] of processes) if (parent === next) waiting.push(child);
  }
  return ms;
}

/** The processor time that all programs of this machine have used since it started, in milliseconds; undefined as above. */
export function processorMsOfMachine(): number | undefined {
  const line = textOf('/proc/stat')?.split('\n')[0];
  if (line === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line.split(/ +/).slice(1).map(Number);
  return (user + nice + system + irq + softirq) * TICK_MS;
}

/** The memory of a process that is not swapped out, in bytes; undefined as above. */
export function memoryOf(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

/** Reads one line of `/proc/<pid>/stat`. The name of the program stands in parentheses and may contain anything. */
export function readStat(line: string): ProcessTimes {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [, parent = 0, ...rest] = fields.map(Number);
  const [user = 0, system = 0, usersOfChildren = 0, systemsOfChildren = 0] = rest.slice(9);
  return { parent, ms: (user + system + usersOfChildren + systemsOfChildren) * TICK_MS };
}

function allProcesses(): ReadonlyMap<number, ProcessTimes> | undefined {
  if (process.platform !== 'linux') return undefined;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.flatMap((pid) => {
      // It may have ended by now.
      const line = textOf(`/proc/${pid}/stat`);
      return line === undefined ? [] : [[Number(pid), readStat(line)] as const];
    }),
  );
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
