import { beforeEach, expect, it } from 'vitest'
import { type ClinicView, unknownClinic } from '../base/clinic.ts'
import type { ClinicAnswer } from '../sync/clinic-api.ts'
import { ClinicCopy } from './clinic-copy.ts'

const hillside: ClinicView = { ...unknownClinic, name: 'Hillside', accent: '#8a1c4a' }
let kept: Map<string, string>
let asked: string[]
let answers: ClinicAnswer[]
let drawn: number

const open = () =>
  new ClinicCopy({
    shelf: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    ask: async (tag) => {
      asked.push(tag)
      return answers.shift() ?? { kind: 'unreachable' }
    },
    tokens: async (accent) => ({ light: { '--accent': accent }, dark: {} }),
    drawn: () => void drawn++,
  })

beforeEach(() => {
  kept = new Map()
  asked = []
  answers = []
  drawn = 0
})

it('is there at the next start, without a network', async () => {
  answers = [{ kind: 'clinic', clinic: hillside, tag: '"1"' }]
  const first = open()
  expect(first.told.get()).toEqual(unknownClinic)
  await first.refresh()
  expect(first.told.get()).toEqual(hillside)
  const next = open()
  expect(next.told.get()).toEqual(hillside)
  await next.refresh()
  expect(next.told.get()).toEqual(hillside)
  expect(asked).toEqual(['', '"1"'])
})

it('has its colour drawn when it is another, and gone when there is none', async () => {
  answers = [
    { kind: 'clinic', clinic: hillside, tag: '"1"' },
    { kind: 'clinic', clinic: { ...hillside, name: 'Hillside Practice' }, tag: '"2"' },
    { kind: 'clinic', clinic: { ...hillside, accent: null }, tag: '"3"' },
  ]
  const copy = open()
  await copy.refresh()
  expect([drawn, kept.get('wardline-accent')]).toEqual([
    1,
    '{"light":{"--accent":"#8a1c4a"},"dark":{}}',
  ])
  await copy.refresh()
  expect(drawn).toBe(1)
  await copy.refresh()
  expect([drawn, kept.has('wardline-accent')]).toEqual([2, false])
})

it('asks once for however many want to know, and reads nothing into what is damaged', async () => {
  kept.set('wardline-clinic', '{"tag":"x","clin')
  const copy = open()
  expect(copy.told.get()).toEqual(unknownClinic)
  await Promise.all([copy.refresh(), copy.refresh()])
  expect(asked).toEqual([''])
})

it('stays when all else of the device goes', async () => {
  answers = [{ kind: 'clinic', clinic: hillside, tag: '"1"' }]
  const copy = open()
  await copy.refresh()
  kept.clear()
  copy.keep()
  expect(open().told.get()).toEqual(hillside)
})
