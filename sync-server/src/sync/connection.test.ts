import { describe, expect, it } from 'vitest'
import { ada, chat, pat, settle, startTestServer, TestPen } from './sync-test-kit.ts'

describe('two people', () => {
  it('[WRITE-1] get each other’s messages, and the writer an acknowledgement', async () => {
    const { welcomed, timers } = await startTestServer()
    const patient = await welcomed(pat)
    const doctor = await welcomed(ada)
    const pen = new TestPen(pat, 1, timers.now())
    patient.open(1, pen.page())
    patient.update(1, pen.message('hello'))
    await settle()
    const told = doctor.of('changed').flatMap(({ docs }) => docs.map(({ doc }) => doc))
    expect(new Set(told)).toEqual(new Set([`user/${ada}`, `chat/${chat}`, pen.page()]))
    doctor.take()
    doctor.open(1, pen.page())
    await settle()
    expect(doctor.take()).toMatchObject([
      { type: 'rows', channel: 1, head: 1 },
      { type: 'head', channel: 1, head: 1, accepted: 0 },
    ])
    patient.update(1, pen.message('again'))
    await settle()
    expect(doctor.take()).toMatchObject([{ type: 'rows', channel: 1, head: 2 }])
    expect(patient.of('head')).toEqual([
      { type: 'head', channel: 1, head: 0, accepted: 0 },
      { type: 'head', channel: 1, head: 1, accepted: 1 },
      { type: 'head', channel: 1, head: 2, accepted: 2 },
    ])
  })
})
