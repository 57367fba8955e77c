import { expect, test } from 'vitest'
import { isBlank } from './blank.ts'

test.each([
  ['nothing', ''],
  ['spaces', '   '],
  ['line breaks and a tab', '\r\n\t\u000b\u000c'],
  ['no-break, ideographic and Ogham spaces', '\u00a0\u3000\u1680'],
  ['line and paragraph separators', '\u2028\u2029'],
  ['zero width space', '\u200b'],
  ['joiners', '\u200c\u200d\u2060\ufeff'],
  ['Hangul fillers', '\u3164\u115f\u1160\uffa0'],
  ['Braille blank', '\u2800'],
  ['variation selectors', '\ufe0f\ufe0e\u180b\u{e0100}'],
  ['marks of direction', '\u200e\u200f\u061c\u202a\u202e\u2066\u2069'],
  ['a soft hyphen and a grapheme joiner', '\u00ad\u034f'],
  ['Khmer inherent vowels', '\u17b4\u17b5'],
  ['Mongolian vowel separator', '\u180e'],
  ['invisible operators', '\u2061\u2062\u2063\u2064'],
  ['deprecated formats', '\u206a\u206f'],
  ['tags alone', '\u{e0001}\u{e0020}\u{e007f}'],
  ['annotation marks', '\ufff9\ufffa\ufffb'],
  ['musical null note and its controls', '\u{1d159}\u{1d173}\u{1d17a}'],
  ['shorthand controls', '\u{1bca0}\u{1bca3}'],
  ['control characters', '\u0000\u0007\u001b\u0085\u009f'],
  ['what is no character', '\uffff\ufdd0\u{10ffff}'],
  ['all kinds in a row', ' \u200b\u3164\n\u2800\ufe0f\u202e '],
])('shows nothing: %s', (_name, text) => expect(isBlank(text)).toBe(true))

test.each([
  ['a letter', 'a'],
  ['a letter among blanks', '\u200b\n \u3164x\u2800'],
  ['a full stop', '.'],
  ['a digit', '0'],
  ['Arabic', 'م'],
  ['Hangul', '\u1100\u1161'],
  ['a Braille letter', '\u2801'],
  ['an emoji with its selector', '❤\ufe0f'],
  ['a flag', '🇩🇪'],
  ['an accent alone', '\u0301'],
  ['an Arabic number sign', '\u0600'],
  ['a mark of private use', '\ue000'],
])('shows something: %s', (_name, text) => expect(isBlank(text)).toBe(false))
