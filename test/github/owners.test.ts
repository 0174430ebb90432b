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
  ])(
    'the owner %s is asked once for a review of the pull request, if it is a GitHub account or team',
    async (owner, expected) => {
      const github = await fakeGithub();
      const { shop, room, warnings } = await world(owner, github);
      await room().configuration.change(step);
      expect(shop.pulls()).toMatchObject([expected]);
      await room().configuration.change(step);
      expect(github.asked('pulls/request-reviewers')).toBe(expected.reviewers.length);
      expect(warnings).toEqual([]);
    },
  );

  it('the owner is asked for a review even when the answer to creating the pull request was lost', async () => {
    const github = await fakeGithub();
    const { shop, room } = await world("'@ada'", github);
    github.fault({ on: 'pulls/create', lost: true });
    await room().configuration.change(step);
    expect(shop.pulls()).toMatchObject([{ reviewers: ['ada'] }]);
  });

  it.each([
    ['is no collaborator', "'@eve'", /not shown to its owner @eve: .*not a collaborator/],
    ['is a team of others', "'@other/data'", /not shown to its owner @other\/data: the team is not of acme/],
  ])(
    'a warning is printed when the owner %s, and the pull request stays open',
    async (_what, owner, warning) => {
      const github = await fakeGithub();
      const { shop, room, warnings } = await world(owner, github);
      shop.setCollaborators(['ada']);
      expect(await room().configuration.change(step)).toMatchObject({ state: 'proposed', pull_request: 1 });
      expect(warnings).toEqual([expect.stringMatching(warning)]);
      await room().configuration.change(step);
      expect(warnings).toHaveLength(1);
    },
  );

  it('an owner who proposed the pull request is assigned to it and not asked for a review', async () => {
    const github = await fakeGithub();
    const { shop, room, warnings } = await world("'@ada'", github);
    await room(github.person('ada')).configuration.change(step);
    expect(shop.pulls()).toMatchObject([{ reviewers: [], assignees: ['ada'] }]);
    expect(warnings).toEqual([]);
  });

  it('the owner is assigned to the issue; an owner who cannot be assigned causes one warning', async () => {
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
