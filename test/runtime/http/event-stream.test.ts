import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventReader, type StreamEvent } from '../../../src/runtime/http/event-stream.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the reader of a stream', () => {
  it('the event stream’s reader finds the written events, in whatever pieces they arrive', () => {
    const event = fc.record({
      name: fc.constantFrom('hello', 'beat', 'change'),
      data: fc.json().map((text) => JSON.stringify({ text })),
    });
    fc.assert(
      fc.property(fc.array(event), fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (events, sizes) => {
        const written = events.map(({ name, data }) => `event: ${name}\ndata: ${data}\n\n`).join('');
        const all = bytes(written);
        const reader = new EventReader();
        const read: StreamEvent[] = [];
        for (let at = 0; at < all.length; ) {
          const size = sizes.next().value ?? 1;
          read.push(...reader.read(all.subarray(at, at + size)));
          at += size;
        }
        expect(read).toEqual(events);
      }),
    );
  });

  it('the event stream’s reader accepts CRLF and data of several lines and ignores comments', () => {
    const text =
      ': still here\r\n\r\nevent: change\r\ndata: {"a":\r\ndata:1}\r\nid: 7\r\n\r\ndata\n\nevent: x\n\n';
    expect(new EventReader().read(bytes(text))).toEqual([
      { name: 'change', data: '{"a":\n1}' },
      { name: 'message', data: '' },
    ]);
  });

  it('the event stream’s reader refuses an event without an end', () => {
    const reader = new EventReader();
    const piece = bytes(`data: ${'x'.repeat(99_990)}\n`);
    expect(() => {
      for (let times = 0; times < 20; times++) reader.read(piece);
    }).toThrow(RangeError);
    expect(() => new EventReader().read(bytes('x'.repeat(1_000_001)))).toThrow(RangeError);
  });
});
