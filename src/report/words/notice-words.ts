import type { Notice, Printed } from '../../domain/change/notice.ts';
import { harmless } from '../../lib/text.ts';
import { moment } from './words.ts';

const LONGEST_LINE = 1_000;

/** Text of a notification. */
export function noticeText(notice: Notice): string {
  const { feature } = notice;
  switch (notice.kind) {
    case 'still_exposed':
      return `${feature} was rolled back, but the database still admits ${notice.eligible} subjects; run: rollout stop ${feature} --reason "still exposed"`;
    case 'quarantined':
      return `${notice.subjects.map((one) => harmless(one, 200)).join(', ')} left ${feature} and ${notice.subjects.length === 1 ? 'is' : 'are'} in quarantine: ${notice.reason}; once fixed, run: rollout resume ${feature} --subject ${harmless(notice.subjects[0] ?? 'ID', 200)} --reason "..."`;
    case 'cutoff_missed':
      return `${feature} is at ${notice.percentage}% after its cutoff, ${notice.day}, and takes no more steps; set a later cutoff, or remove it from the file`;
    case 'steps_lost':
      return `${feature} was not judged by the guardrail ${notice.metric} from ${moment(notice.from)} to ${moment(notice.until)}: ${notice.problem ?? 'the engine was not read for longer than 6 hours'}; look at its series of that time`;
    case 'harmful':
      return notice.kept
        ? `${feature} does harm and is not rolled back, because rollback.enabled is false: ${notice.reason}`
        : `${feature} does harm: ${notice.reason}`;
    case 'suspect':
      return `${feature} is suspect, its ramp is frozen: ${notice.reason}`;
    case 'error':
      return `${feature} could not be judged: ${notice.reason}`;
    case 'warning':
      return `${feature} is worth a look: ${notice.reason}`;
    case 'recovered':
      return `${feature} is healthy again: ${notice.reason}`;
    case 'guardrail_harm':
      return `${feature} exceeds a limit that only warns: ${notice.reason}`;
    case 'guardrail_unread':
      return `${feature} does not advance: ${notice.reason}`;
    case 'guardrail_silent':
      return `${feature} does not advance: ${notice.reason}; observe events of ${notice.metric}, or remove the guardrail`;
    case 'percentage_changed': {
      const why = notice.reason === null ? '' : `: ${harmless(notice.reason, LONGEST_LINE)}`;
      return `${feature} went from ${notice.from}% to ${notice.to}%, by ${harmless(notice.by, 200)}${why}`;
    }
    case 'receiver_missing':
      return notice.problem === 'unset'
        ? `notify in the file names ${notice.variable}, which is not set: its receiver gets nothing; set it in the environment of tick and serve, or remove the route`
        : `notify in the file names ${notice.variable}, whose value is not a URL: its receiver gets nothing; its value begins with https://`;
    case 'source_unread':
      return 'the view rollout_repository_source could not be taken over, so the registry stays as it was; to see why, run: rollout categorize';
    case 'test':
      return `this is a test of notifications about ${feature ?? 'the controller'}; nothing happened, and nothing is to be done`;
    case 'no_data':
      return `${feature} is live, but ${notice.reason}`;
  }
}

/** `critical: one was rolled back from 25%: ...`, one line however long the message. */
export function printedText({ severity, message }: Printed): string {
  return `${severity}: ${harmless(message, LONGEST_LINE)}`;
}
