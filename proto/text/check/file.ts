import { EDITION_2023 } from '../editions.js';
import type { Checker } from './checker.js';

const FILE = { package: 2, dependency: 3, service: 6, options: 8, optionDependency: 15 } as const;
const LITE_RUNTIME = 3n;
const LEGACY_REQUIRED = 3n;
const MAX_PACKAGE_DEPTH = 100;

/** What protoc refuses in a file as a whole. */
export function checkFile(checker: Checker): void {
  const { file } = checker;
  const { descriptor } = file;
  const option = (name: string, ...rest: string[]) => checker.option(descriptor, name, ...rest);
  const isLite = option('optimize_for') === LITE_RUNTIME;
  file.isLite = isLite;
  if (file.package.split('.').length > MAX_PACKAGE_DEPTH) {
    file.problem([FILE.package], file.package, `a package has at most ${MAX_PACKAGE_DEPTH} parts`);
  }
  if (file.edition >= EDITION_2023) {
    if (option('features', 'field_presence') === LEGACY_REQUIRED) {
      file.problem([FILE.options], 'option features.field_presence', 'LEGACY_REQUIRED is not for whole files');
    }
    if (option('java_string_check_utf8') === true) {
      file.problem([FILE.options], 'option java_string_check_utf8', 'editions do not have it; use features.(pb.java).utf8_validation');
    }
  }
  const lite = isLite ? undefined : file.imports.find((each) => each.isLite);
  if (lite !== undefined) {
    const index = descriptor.dependency.indexOf(lite.name);
    file.problem([FILE.dependency, index], lite.name, 'has optimize_for = LITE_RUNTIME and can be imported only by files that have it too');
  }
  if (isLite && descriptor.service.length > 0 && (option('cc_generic_services') === true || option('java_generic_services') === true)) {
    file.problem([FILE.service, 0], descriptor.service[0]?.name ?? '', 'a file with optimize_for = LITE_RUNTIME has no generic services');
  }
}

/** No file is imported twice. Imports that are not found are reported where they are looked for. */
export function checkImports({ file }: Pick<Checker, 'file'>): void {
  const { dependency, optionDependency } = file.descriptor;
  const all = [
    ...dependency.map((name, i) => ({ name, path: [FILE.dependency, i] })),
    ...optionDependency.map((name, i) => ({ name, path: [FILE.optionDependency, i] })),
  ];
  const seen = new Set<string>();
  for (const { name, path } of all) {
    if (seen.has(name)) file.problem(path, name, 'is imported twice');
    seen.add(name);
  }
}
