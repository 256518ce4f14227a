/** The profile in the handle, around a core of the test's own. */
import { expect, test } from 'vitest';
import { Client } from '../../../web/client.ts';
import { createAftersense } from '../../../web/create.ts';
import { ClassifiedDesk } from '../../../web/onnx/classified.ts';
import type { Classifier } from '../../../web/onnx/classifier.ts';
import { openProfile } from '../../../web/profile/store.ts';
import { FakeCore, info } from '../fake_core.ts';
import { kettle } from './support.ts';

test("a handle has the shopper's profile, takes feedback as it reads it, and lets go of it", async () => {
  const desk = new Client([new FakeCore()], info);
  await desk.profile.consent(true);
  const analysis = await desk.analyze('Leaks.');
  const { sentiment } = analysis;
  expect(await desk.profile.record({ kind: 'feedback', product: kettle, analysis })).toMatchObject({
    event: { product: { id: kettle.id }, sentiment: { label: sentiment.label, confidence: sentiment.confidence }, aspects: null },
  });
  desk.dispose();
  await expect(desk.profile.consented()).rejects.toMatchObject({ code: 'disposed' });
});

test('a handle takes a profile that was opened, and one with a classifier hands it on', () => {
  const profile = openProfile({ database: 'another' });
  const desk = new Client([new FakeCore()], info, { profile });
  expect(desk.profile).toBe(profile);
  expect(new ClassifiedDesk(desk, {} as Classifier, ['a', 'b'], {} as never).profile).toBe(profile);
  desk.dispose();
});

test('options that are none are refused before anything is downloaded', async () => {
  const fetch = () => Promise.reject(new Error('nothing should be asked for'));
  await expect(createAftersense({ fetch, profile: { sensitive: { allow: 5 } } as never })).rejects.toMatchObject({
    code: 'invalid_argument',
    message: expect.stringMatching(/profile\.sensitive\.allow/),
  });
});
