import type { ChatId, UserId } from '@wardline/core/base/ids'
import type { ChatSummary, ShellView } from '@wardline/core/client/model/views'
import { expect, it } from 'vitest'
import { ListKeeper } from './list-keeper.ts'
import { nobody } from './nobody.ts'

const titled = (title: string): ShellView => ({
  ...nobody,
  me: { id: 'dr-ada' as UserId, name: 'Ada', role: 'doctor' },
  chats: [
    {
      ...{ id: 'dm.pat.dr-ada' as ChatId, kind: 'direct', title, peer: null, patients: [] },
      ...{ left: false, online: false, lastSeenAt: null, typing: [], unread: 0, news: null },
      ...{ markedUnread: false, onRounds: false, pinned: false, archived: false, muted: false },
      ...{ blocked: false, closed: false, last: null, sentDrafts: [] },
      draft: { id: '', text: '', replyTo: null, edit: null, caption: '' },
    } satisfies ChatSummary,
  ],
})

const keeper = () => {
  const put: (string | undefined)[] = []
  const answers: Promise<void>[] = []
  const due: (() => void)[] = []
  const state = {
    shell: titled('A') as ShellView | null,
    mayKeep: true,
    visible: true,
    fails: false,
  }
  const list = new ListKeeper({
    put: (record) => {
      put.push(record?.lines[0]?.title)
      const answer = state.fails ? Promise.reject(new Error('full')) : Promise.resolve()
      answers.push(answer)
      return answer
    },
    shell: () => state.shell,
    mayKeep: () => state.mayKeep,
    isVisible: () => state.visible,
    timers: {
      after: (_, run) => {
        due.push(run)
        return () => void due.splice(due.indexOf(run), 1)
      },
    },
  })
  const wait = () => {
    for (const run of due.splice(0)) run()
  }
  return { list, put, answers, due, state, wait }
}

it('is written once for many changes, and not when nothing that it shows is different', () => {
  const { list, put, due, state, wait } = keeper()
  for (let n = 0; n < 9; n++) list.changed()
  expect(due).toHaveLength(1)
  wait()
  state.shell = { ...titled('A'), waiting: 4 }
  list.changed()
  wait()
  state.shell = titled('B')
  list.changed()
  wait()
  expect(put).toEqual(['A', 'B'])
})

it('is not written while nobody can see it', () => {
  const { list, put, state, wait } = keeper()
  list.changed()
  state.visible = false
  wait()
  expect(put).toEqual([])
  state.visible = true
  list.changed()
  wait()
  expect(put).toEqual(['A'])
})

it('is taken away where devices lock themselves', () => {
  const { list, put, state, wait } = keeper()
  list.changed()
  wait()
  state.mayKeep = false
  state.shell = titled('B')
  list.changed()
  wait()
  expect(put).toEqual(['A', undefined])
})

it('writes nothing once it was stopped, whatever was due', () => {
  const { list, put, wait } = keeper()
  list.changed()
  list.stop()
  wait()
  list.changed()
  wait()
  expect(put).toEqual([])
})

it('tries again after it could not be written', async () => {
  const { list, put, answers, state, wait } = keeper()
  state.fails = true
  list.changed()
  wait()
  await Promise.allSettled(answers)
  state.fails = false
  list.changed()
  wait()
  expect(put).toEqual(['A', 'A'])
})
