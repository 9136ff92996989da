/** Edition numbers of descriptor.proto. */
export const EDITION_PROTO2 = 998;
export const EDITION_PROTO3 = 999;
export const EDITION_2023 = 1000;
export const EDITION_2024 = 1001;
export const EDITION_2026 = 1002;

/** Editions by the names of proto source. */
export const EDITIONS: ReadonlyMap<string, number> = new Map([
  ['2023', EDITION_2023],
  ['2024', EDITION_2024],
  ['2026', EDITION_2026],
]);
