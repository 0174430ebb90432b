import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { atEnd } from '../run/at-end.ts';

const root = join(import.meta.dirname, '../../..');

interface Installed {
  name: string;
  version: string;
  folder: string;
  manifest: Record<string, unknown>;
}

/**
 * A package registry on loopback that serves what lies in node_modules, so that a real `npm install` into an
 * empty project needs no network. Returns its URL; it ends with the test file.
 */
export async function localRegistry(): Promise<string> {
  const packages = installed();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const [name = '', version] = path.split('/-/');
    const found = packages.filter((one) => one.name === name);
    if (found.length === 0) response.writeHead(404).end('{}');
    else if (version === undefined) sendPackument(response, found, `http://${request.headers.host}`);
    else sendTarball(response, found.find((one) => `${one.version}.tgz` === version)?.folder);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Every package of the lock file that is installed here; those of other platforms are not. */
function installed(): Installed[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, object>;
  };
  return Object.keys(lock.packages).flatMap((path) => {
    const folder = join(root, path);
    if (path === '' || !existsSync(join(folder, 'package.json'))) return [];
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return [{ name: manifest.name, version: manifest.version, folder, manifest }];
  });
}

function sendPackument(response: ServerResponse, found: readonly Installed[], registry: string): void {
  const versions = Object.fromEntries(
    found.map(({ name, version, manifest }) => [
      version,
      { ...manifest, dist: { tarball: `${registry}/${name}/-/${version}.tgz` } },
    ]),
  );
  const latest = found[0]?.version;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ name: found[0]?.name, 'dist-tags': { latest }, versions }));
}

/** npm takes off the first folder of the path, whatever its name. */
function sendTarball(response: ServerResponse, folder: string | undefined): void {
  if (folder === undefined) {
    response.writeHead(404).end();
    return;
  }
  const tar = ['-czf', '-', '--exclude', 'node_modules', '-C', dirname(folder), basename(folder)];
  spawn('tar', tar, { stdio: ['ignore', 'pipe', 'ignore'] }).stdout.pipe(response);
}
