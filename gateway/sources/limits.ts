/** Largest `.proto` file, bytes. */
export const MAX_PROTO = 16 * 2 ** 20;

/** Largest FileDescriptorSet, bytes. */
export const MAX_DESCRIPTOR_SET = 256 * 2 ** 20;

/** Most `.proto` files and folders below one folder, and how deep folders are searched. */
export const MAX_FILES = 50_000;
export const MAX_FOLDERS = 20_000;
export const MAX_FOLDER_DEPTH = 64;

/** Of one server by reflection: services, files, and bytes of all answers together. */
export const MAX_REFLECTED_SERVICES = 10_000;
export const MAX_REFLECTED_FILES = 20_000;
export const MAX_REFLECTED_BYTES = 64 * 2 ** 20;
