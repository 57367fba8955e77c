import { expect, it } from 'vitest'
import { MAX_INDEX } from '../base/client-id.ts'
import { parseDocName } from '../base/ids.ts'
import { laneOf, logName, readRootName, stateName } from './lanes.ts'

const page = parseDocName('chat/g.0123456789abcdef/2026-01')!
const chat = parseDocName('chat/g.0123456789abcdef')!

it('[DOC-4] [DOC-5] gives every member of a group a lane of their own', () => {
  for (const index of [1, 2, 3, 100, MAX_INDEX]) {
    expect(laneOf(page, index)).toEqual({
      kind: 'page',
      index,
      log: `log:${index}`,
      state: `state:${index}`,
    })
    expect(readRootName(logName(index))).toEqual({ part: 'log', index })
    expect(readRootName(stateName(index))).toEqual({ part: 'state', index })
    expect(laneOf(chat, index)).toEqual({ kind: 'none' })
  }
  for (const name of ['log:01', 'log:10000', 'log:-1', 'log:1 ', 'logs:1'])
    expect(readRootName(name)).toBeUndefined()
})
