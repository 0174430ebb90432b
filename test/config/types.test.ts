import { expectTypeOf, test } from 'vitest';
import type {
  Defaults,
  Feature,
  FreezeEntry,
  GuardrailEntry,
  RolloutFile,
  StepEntry,
} from '../../src/config/base/schema-types.ts';
import type {
  Cost,
  Exposure,
  Freeze,
  Guardrail,
  Rollback,
  RolloutConfig,
  Routing,
  Spec,
  Step,
  Thresholds,
} from '../../src/domain/spec/spec.ts';

// Checked by the compiler: a key that only one side has does not compile.
test('the file and the domain have the same keys', () => {
  expectTypeOf<keyof Feature>().toEqualTypeOf<keyof Spec | 'resumes' | 'skip_steps' | 'advanced'>();
  expectTypeOf<keyof NonNullable<Feature['thresholds']>>().toEqualTypeOf<keyof Thresholds>();
  expectTypeOf<keyof NonNullable<Feature['rollback']>>().toEqualTypeOf<keyof Rollback>();
  expectTypeOf<keyof NonNullable<Feature['routing']>>().toEqualTypeOf<keyof Routing>();
  expectTypeOf<keyof NonNullable<Feature['costs']>[string]>().toEqualTypeOf<keyof Cost>();
  expectTypeOf<keyof StepEntry>().toEqualTypeOf<Exclude<keyof Step, 'name'>>();
  expectTypeOf<keyof GuardrailEntry>().toEqualTypeOf<
    Exclude<keyof Guardrail, 'source' | 'query' | 'slower_than' | 'correlation'> | 'metric'
  >();
  expectTypeOf<FreezeEntry>().toEqualTypeOf<Freeze>();
  expectTypeOf<keyof RolloutFile>().toEqualTypeOf<
    | Exclude<keyof RolloutConfig, 'resumes' | 'skips_steps'>
    | 'version'
    | 'requires'
    | 'include'
    | 'defaults'
    | 'metrics'
    | 'promotes'
  >();
});

test('defaults accept every key of a feature except its exposure, its own days and its description', () => {
  expectTypeOf<keyof Defaults>().toEqualTypeOf<
    Exclude<
      keyof Feature,
      keyof Exposure | 'description' | 'resumes' | 'skip_steps' | 'not_before' | 'cutoff' | 'advanced'
    >
  >();
});

test('the enumerations of the file are those of the domain', () => {
  expectTypeOf<NonNullable<Feature['strategy']>>().toEqualTypeOf<Spec['strategy']>();
  expectTypeOf<NonNullable<Feature['subject']>>().toEqualTypeOf<Spec['subject']>();
  expectTypeOf<NonNullable<Feature['analysis']>>().toEqualTypeOf<Spec['analysis']>();
  expectTypeOf<NonNullable<Feature['advance']>>().toEqualTypeOf<Spec['advance']>();
  expectTypeOf<NonNullable<Feature['categories']>>().toEqualTypeOf<NonNullable<Spec['categories']>>();
});
