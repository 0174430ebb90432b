import { OpenFeature } from '@openfeature/server-sdk';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RolloutProvider, TelemetryHook } from '../../../src/runtime/openfeature/index.ts';
import { testRollout } from '../../../src/runtime/testing/index.ts';

const spans = new InMemorySpanExporter();

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
  );
  await OpenFeature.setProviderAndWait(new RolloutProvider(testRollout({ new_checkout: true })));
});

beforeEach(() => spans.reset());

afterAll(async () => {
  await OpenFeature.close();
  context.disable();
  trace.disable();
});

/** Asks within a span; returns the events that the span has. */
async function asked(hook: TelemetryHook, flag: string) {
  const client = OpenFeature.getClient();
  await trace.getTracer('test').startActiveSpan('request', async (span) => {
    await client.getBooleanValue(flag, false, { targetingKey: 'customer-7' }, { hooks: [hook] });
    span.end();
  });
  return spans.getFinishedSpans().flatMap(({ events }) => events);
}

describe('the hook for OpenTelemetry', () => {
  it('the OpenTelemetry hook adds the evaluation to the active span, without the subject', async () => {
    expect(await asked(new TelemetryHook(trace), 'new_checkout')).toMatchObject([
      {
        name: 'feature_flag.evaluation',
        attributes: {
          'feature_flag.key': 'new_checkout',
          'feature_flag.provider.name': 'rollout-controller',
          'feature_flag.result.variant': 'on',
          'feature_flag.result.value': true,
          'feature_flag.result.reason': 'split',
        },
      },
    ]);
    expect(Object.keys(spans.getFinishedSpans()[0]?.events[0]?.attributes ?? {})).not.toContain(
      'feature_flag.context.id',
    );
  });

  it('the OpenTelemetry hook names the subject on request', async () => {
    const [event] = await asked(new TelemetryHook(trace, { subjects: true }), 'new_checkout');
    expect(event?.attributes).toMatchObject({ 'feature_flag.context.id': 'customer-7' });
  });

  it('the OpenTelemetry hook records the error of a failed evaluation', async () => {
    const [event] = await asked(new TelemetryHook(trace), 'missing');
    expect(event?.attributes).toMatchObject({
      ...{ 'feature_flag.key': 'missing', 'feature_flag.result.reason': 'error' },
      'error.type': 'flag_not_found',
    });
  });

  it('the OpenTelemetry hook does nothing without an active span', async () => {
    const client = OpenFeature.getClient();
    const hooks = [new TelemetryHook(trace)];
    expect(await client.getBooleanValue('new_checkout', false, { targetingKey: 'c' }, { hooks })).toBe(true);
    expect(spans.getFinishedSpans()).toEqual([]);
  });
});
