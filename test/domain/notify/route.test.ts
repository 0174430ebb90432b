import { describe, expect, it } from 'vitest';
import {
  type Route,
  receiverOf,
  routedSeverity,
  takes,
  unknownFields,
} from '../../../src/domain/notify/route.ts';

const route = (part: Partial<Route> = {}): Route => ({
  ...{ to: 'slack', url_from: 'ROLLOUT_NOTIFY_A', token_from: null, template: null },
  ...{ severity: 'warning', owners: null, features: null },
  ...part,
});

const message = { severity: 'warning', feature: 'one', owner: '@acme/data' } as const;

describe('a route', () => {
  it.each([
    ['of any feature takes its own severity', {}, {}, true],
    ['takes what is more severe', {}, { severity: 'critical' }, true],
    ['leaves what is less severe', {}, { severity: 'info' }, false],
    ['of any feature takes a message about the controller', {}, { feature: null, owner: null }, true],
    ['of the owner takes it', { owners: ['@acme/web', '@acme/data'] }, {}, true],
    ['of another owner leaves it', { owners: ['@acme/web'] }, {}, false],
    ['of an owner leaves a feature without one', { owners: ['@acme/web'] }, { owner: null }, false],
    ['of the feature takes it', { features: ['one'] }, {}, true],
    ['of another feature leaves it', { features: ['two'] }, {}, false],
    ['of a feature leaves the controller', { features: ['two'] }, { feature: null, owner: null }, false],
    ['of owner and feature wants both', { features: ['one'], owners: ['@acme/web'] }, {}, false],
  ] as const)('a route %s', (_, part, changed, taken) => {
    expect(takes(route(part as Partial<Route>), { ...message, ...changed })).toBe(taken);
  });

  it('a route names its receiver by its variables', () => {
    expect(receiverOf(route({ token_from: 'ROLLOUT_NOTIFY_T' }))).toBe('ROLLOUT_NOTIFY_A+ROLLOUT_NOTIFY_T');
    expect(receiverOf({ url_from: null, token_from: 'ROLLOUT_NOTIFY_T' })).toBe('ROLLOUT_NOTIFY_T');
  });
});

it.each([
  ['info', { began_as: 'critical' }, 'critical'],
  ['critical', { began_as: 'warning' }, 'critical'],
  ['info', { began_as: 'fatal' }, 'info'],
  ['info', { began_as: 5 }, 'info'],
  ['warning', null, 'warning'],
] as const)('a message of severity %s with details %j is routed as %s', (severity, details, routed) => {
  expect(routedSeverity(severity, details)).toBe(routed);
});

it('a template is checked for names that no message has', () => {
  expect(unknownFields('{"a": "{{message}} {{ who }} {{key}}"}')).toEqual(['who']);
});
