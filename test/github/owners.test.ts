import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../src/app/ports/configuration-repository.ts';
import type { IncidentIssue } from '../../src/app/ports/incident-tracker.ts';
import { type FakeGithub, fakeGithub } from '../helpers/github/index.ts';
import { roomOn } from '../helpers/projects/github-world.ts';

const FILE = (owner: string) => `version: 1\nfeatures:\n  one: { percentage: 25, owner: ${owner} }\n`;

/** A step of the feature, proposed as the controller does. */
const step: FileChange = {
  edit: (text) => ({ text: text.replace('25', '50') }),
  ...{ via: 'pull_request', branch: 'rollout/advance/one', title: 'Advance one', body: 'Why.' },
  ...{ trailers: ['Rollout-Feature: one'], features: ['one'] },
};

const issue: IncidentIssue = {
  ...{ incident: 'default/1', number: null, opened_at: new Date(), owner: '@ada', title: 'one was stopped' },
  ...{ body: 'b', open: true, closing: null },
};

async function world(owner: string, github: FakeGithub) {
  const shop = await github.repository('acme/shop', { files: { 'rollout.yaml': FILE(owner) } });
  const warnings: string[] = [];
  const room = (token?: string) =>
    roomOn(github, 'acme/shop', {
      ...(token === undefined ? {} : { token }),
      surroundings: { warn: (line) => warnings.push(line) },
    });
  return { shop, room, warnings };
}

describe('the owner of a feature', () => {
  it.each([
    ["'@ada'", { reviewers: ['ada'], assignees: ['ada'] }],
    ["'@acme/data'", { reviewers: ['acme/data'], assignees: [] }],
    ['payments team', { reviewers: [], assignees: [] }],
  ])('%s is asked for a review of its pull request, once', async (owner, expected) => {
    const github = await fakeGithub();
    const { shop, room, warnings } = await world(owner, github);
    await room().configuration.change(step);
    expect(shop.pulls()).toMatchObject([expected]);
    await room().configuration.change(step);
    expect(github.asked('pulls/request-reviewers')).toBe(expected.reviewers.length);
    expect(warnings).toEqual([]);
  });

  it('is asked also where the answer to the pull request was lost', async () => {
    const github = await fakeGithub();
    const { shop, room } = await world("'@ada'", github);
    github.fault({ on: 'pulls/create', lost: true });
    await room().configuration.change(step);
    expect(shop.pulls()).toMatchObject([{ reviewers: ['ada'] }]);
  });

  it.each([
    ['is no collaborator', "'@eve'", /not shown to its owner @eve: .*not a collaborator/],
    ['is a team of others', "'@other/data'", /not shown to its owner @other\/data: the team is not of acme/],
  ])('that %s is warned of, and the pull request stands', async (_what, owner, warning) => {
    const github = await fakeGithub();
    const { shop, room, warnings } = await world(owner, github);
    shop.setCollaborators(['ada']);
    expect(await room().configuration.change(step)).toMatchObject({ state: 'proposed', pull_request: 1 });
    expect(warnings).toEqual([expect.stringMatching(warning)]);
    await room().configuration.change(step);
    expect(warnings).toHaveLength(1);
  });

  it('who proposed it herself is its assignee, and asked for no review', async () => {
    const github = await fakeGithub();
    const { shop, room, warnings } = await world("'@ada'", github);
    await room(github.person('ada')).configuration.change(step);
    expect(shop.pulls()).toMatchObject([{ reviewers: [], assignees: ['ada'] }]);
    expect(warnings).toEqual([]);
  });

  it('is the assignee of an issue; who may not be is warned of once', async () => {
    const github = await fakeGithub();
    const { shop, room, warnings } = await world("'@ada'", github);
    await room().incidents.put(issue);
    expect(shop.issues()).toMatchObject([{ assignees: ['ada'] }]);
    shop.setCollaborators([]);
    const other = { ...issue, incident: 'default/2', owner: '@eve' };
    const { number } = await room().incidents.put(other);
    await room().incidents.put({ ...other, number });
    expect(warnings).toEqual(['#2 is not assigned to its owner @eve: eve may not be assigned in acme/shop']);
  });
});
