import { parseArgs } from 'node:util';

/** What is measured, and how. */
export interface Options {
  readonly cases: readonly string[];
  readonly targets: readonly string[];
  /** Of one round. */
  readonly seconds: number;
  readonly rounds: number;
  /** Get what is not there. */
  readonly build: boolean;
  /** Folder of an older commit that takes turns with this one; undefined = none. */
  readonly against: string | undefined;
  /** File of the results; undefined = a new one in the cache. */
  readonly out: string | undefined;
}

/** Reads the arguments, or says what is wrong with them. Against an older commit only the first target is measured unless more are named. */
export function readOptions(args: readonly string[], known: Pick<Options, 'cases' | 'targets'>): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        targets: { type: 'string' },
        seconds: { type: 'string', default: '3' },
        rounds: { type: 'string', default: '3' },
        out: { type: 'string' },
        against: { type: 'string' },
        build: { type: 'boolean', default: false },
      },
    });
    return {
      cases: pick('--only', values.only, known.cases),
      targets: pick('--targets', values.targets ?? (values.against && known.targets[0]), known.targets),
      seconds: numberOf('--seconds', values.seconds),
      rounds: numberOf('--rounds', values.rounds),
      build: values.build,
      out: values.out,
      against: values.against,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function pick(flag: string, list: string | undefined, known: readonly string[]): readonly string[] {
  if (list === undefined) return known;
  const asked = list.split(',');
  const wrong = asked.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new Error(`${flag} ${wrong}: there are ${known.join(', ')}`);
  return asked;
}

function numberOf(flag: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`${flag} ${text}: must be a number from 1 to 9999`);
  return Number(text);
}
