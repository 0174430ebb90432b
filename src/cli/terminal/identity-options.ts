import type { Command } from 'commander';
import { RolloutError } from '../../errors.ts';
import type { ServerOptions } from '../../server/http/dependencies.ts';
import { refuseGroupsAlone } from '../../server/identity/identity.ts';
import { issuerOf } from '../../server/identity/issuer.ts';
import { identityHeader, networksOf } from '../../server/identity/proxy-header.ts';

/**
 * Adds options for verifying people and their rights. Must come first on a command: for each of these options the
 * compiler doubles the type of earlier options that it cannot resolve.
 */
export function identityOptions(command: Command) {
  return command
    .option('--identity-header <name>', 'the header in which a proxy that logs people in says who asks')
    .option('--groups-header <name>', 'the header in which it says their groups, with commas between')
    .option('--identity-from <addresses...>', 'addresses or networks of that proxy, instead of loopback')
    .option('--oidc-issuer <url>', 'bearer tokens of this OpenID Connect issuer prove who asks')
    .option('--oidc-audience <name>', 'for whom such a token has to be made')
    .option('--oidc-subject <claim>', 'the claim that names the person', 'sub')
    .option('--oidc-groups <claim>', 'the claim with the groups of the person', 'groups')
    .option(
      '--may-stop <groups...>',
      'groups that may stop and roll back; * is everybody who proved who it is',
    )
    .option('--may-propose <groups...>', 'groups that may also raise, by pull requests only');
}

type IdentityOptions = ReturnType<ReturnType<typeof identityOptions>['opts']>;

/** Throws `usage` for a missing or invalid option of a proof. */
export function identityOf(options: IdentityOptions, proxyToken: string | null): ServerOptions['identity'] {
  const rights = { stop: options.mayStop ?? [], propose: options.mayPropose ?? [] };
  const header = headerOf(options, proxyToken);
  const oidc = oidcOf(options);
  const proves = header !== null || oidc !== null;
  refuseGroupsAlone(rights, proves);
  return proves ? { header, oidc, rights } : null;
}

function headerOf(
  { identityHeader: name, groupsHeader, identityFrom = [] }: IdentityOptions,
  token: string | null,
) {
  if (name === undefined) {
    if (groupsHeader === undefined && identityFrom.length === 0) return null;
    throw missing('--identity-header', '--groups-header and --identity-from tell more of it');
  }
  networksOf(identityFrom);
  const groups = groupsHeader === undefined ? null : identityHeader(groupsHeader);
  return { name: identityHeader(name), groups, from: identityFrom, token };
}

function oidcOf({ oidcIssuer, oidcAudience, oidcSubject, oidcGroups }: IdentityOptions) {
  if (oidcIssuer === undefined && oidcAudience === undefined) return null;
  if (oidcIssuer === undefined) throw missing('--oidc-issuer', 'it signs the tokens of the audience');
  if (!oidcAudience) {
    throw missing('--oidc-audience', 'without it the tokens of every other service would count here');
  }
  const issuer = issuerOf(oidcIssuer);
  return { issuer, audience: oidcAudience, subjectClaim: oidcSubject, groupsClaim: oidcGroups };
}

function missing(option: string, why: string): RolloutError {
  return new RolloutError('usage', `${option} is missing`, { hint: `add it: ${why}` });
}
