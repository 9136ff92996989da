/** Syntax of RE2 (https://github.com/google/re2/wiki/Syntax) that JSON Schema's regular expressions (ECMA-262) do not have, or take for something else. */
const ofRe2Alone = /\(\?[imsU-]|\(\?P<|\\[AzQECaGpP]|\\x\{|\[\[:|\\[0-7]/;

/**
 * A regular expression of RE2 as JSON Schema takes it; undefined where ECMA-262 would refuse it, or mean something else by it.
 *
 *     ^[a-z]{3,}$    the same
 *     (?i)abc        undefined
 */
export function ecmaPattern(re2: string): string | undefined {
  if (ofRe2Alone.test(re2)) return undefined;
  try {
    new RegExp(re2, 'u');
    return re2;
  } catch {
    return undefined;
  }
}

/** A text as a part of a pattern that stands for itself. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
