import { type Static, Type } from 'typebox';

/** What holds where neither the file nor a preset says otherwise. */
export const requestDefaults: Required<RequestSettings> = { patchMask: true, systemParameters: 'dollar' };

/** How requests of all methods are read. They have a `fallback`, not a `default`: a preset may set them. */
export const requestKeys = {
  patchMask: Type.Optional(
    Type.Boolean({
      fallback: true,
      description: 'A PATCH whose FieldMask is unset gets one made from the keys of its body.',
    }),
  ),
  systemParameters: Type.Optional(
    Type.Enum(['dollar', 'both'], {
      fallback: 'dollar',
      description:
        'Spelling of the query parameters that shape a reply: `$alt`, `$fields`, `$prettyPrint`, `$key` (`dollar`), or also without `$` where the request has no such field (`both`).',
    }),
  ),
};

const settings = Type.Object(requestKeys);

/** See {@link requestKeys}. */
export type RequestSettings = Readonly<Static<typeof settings>>;
