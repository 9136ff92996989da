import type { Codec } from '../../proto/json/codec.js';
import type { FieldType } from '../../proto/schema.js';

/**
 * A codec that takes texts of paths, queries and forms also in the forms of Go's parsers, and nothing else differently.
 *
 *     bool       1 t T TRUE True, 0 f F FALSE False   (https://pkg.go.dev/strconv#ParseBool)
 *     double     inf, +Inf, nan                     (https://pkg.go.dev/strconv#ParseFloat)
 *     Duration   1h2m, -1.5h, 100ms                   (https://pkg.go.dev/time#ParseDuration)
 */
export function withGoTexts(codec: Codec): Codec {
  return {
    ...codec,
    scalar(chain, fixed, masked) {
      const write = codec.scalar(chain, fixed, masked);
      const translate = translationOf(chain.at(-1));
      return translate === undefined ? write : (text, out) => write(translate(text), out);
    },
    entry(chain, fixed) {
      const write = codec.entry(chain, fixed);
      const field = chain.at(-1);
      const translate = field?.kind === 'map' ? translationOf(field.value) : undefined;
      return translate === undefined ? write : (key, text, out) => write(key, translate(text), out);
    },
  };
}

/** How texts of a field become those of ProtoJSON; what is no text of Go either stays, and is refused for what it is. */
function translationOf(field: FieldType | undefined): ((text: string) => string) | undefined {
  if (field?.kind === 'bool') return translateBool;
  if (field?.kind === 'double' || field?.kind === 'float') return translateDouble;
  return field?.kind === 'message' ? messageTranslations.get(field.type.name) : undefined;
}

function translateDouble(text: string): string {
  const [, sign, infinite] = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i.exec(text) ?? [];
  if (sign === undefined) return text;
  if (infinite === undefined) return sign === '' ? 'NaN' : text;
  return sign === '-' ? '-Infinity' : 'Infinity';
}

function translateBool(text: string): string {
  if (/^(?:1|[tT]|TRUE|True)$/.test(text)) return 'true';
  return /^(?:0|[fF]|FALSE|False)$/.test(text) ? 'false' : text;
}

const unitNanos: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const goDuration = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;
/** The longest of Go's own, `-2562047h47m16.854775808s`, with room for another spelling. */
const LONGEST = 64;

function translateDuration(text: string): string {
  if (text === '0') return '0s';
  const [, sign = '', amounts = ''] = (text.length > LONGEST ? undefined : goDuration.exec(text)) ?? [];
  if (amounts === '') return text;
  let nanos = 0n;
  for (const [, whole = '', decimals = '', unit = ''] of amounts.matchAll(/(\d*)\.?(\d*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    nanos += (BigInt(whole + decimals) * (unitNanos[unit] ?? 0n)) / 10n ** BigInt(decimals.length);
  }
  const seconds = nanos / 1_000_000_000n;
  const rest = String(nanos % 1_000_000_000n).padStart(9, '0');
  return `${sign === '-' ? '-' : ''}${seconds}.${rest}s`;
}

const messageTranslations: ReadonlyMap<string, (text: string) => string> = new Map([
  ['google.protobuf.BoolValue', translateBool],
  ['google.protobuf.DoubleValue', translateDouble],
  ['google.protobuf.FloatValue', translateDouble],
  ['google.protobuf.Duration', translateDuration],
]);
