/** The name that a field had in its file, of the name in camel case that a library has given it: `pageSize` -> `page_size`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The JSON name of a field (https://protobuf.dev/programming-guides/json/): `page_size` -> `pageSize`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_(.)?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');
}
