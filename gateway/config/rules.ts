import { type Static, Type } from 'typebox';

/** What holds where neither the file nor a preset says otherwise. */
export const ruleDefaults: Required<RuleSettings> = { conflicts: 'error', pathLists: 'error' };

/** How HTTP rules are read. They have a `fallback`, not a `default`: a preset may set them. */
export const ruleKeys = {
  conflicts: Type.Optional(
    Type.Enum(['error', 'first', 'last'], {
      fallback: 'error',
      description:
        'Two rules for the same method and path stop the start (`error`), or the `first` or the `last` one, in order of files and lines, is served, with a warning of each other one.',
    }),
  ),
  pathLists: Type.Optional(
    Type.Enum(['error', 'commas'], {
      fallback: 'error',
      description:
        'A path variable that is a repeated field, which `http.proto` forbids, is an illegal rule (`error`), or holds values between commas: `/v1/{ids}` takes `/v1/1,2,3` (`commas`). Only for scalars and enums.',
    }),
  ),
};

const settings = Type.Object(ruleKeys);

/** See {@link ruleKeys}. */
export type RuleSettings = Readonly<Static<typeof settings>>;
