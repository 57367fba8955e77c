import { expect, it } from 'vitest'
import { auditWords } from './audit-words.ts'

const names = { 'dr-ada': 'Dr Ada Osei', 'pat-morgan': 'Pat Morgan' }
const line = { n: 1, at: 0 }

it('a line says who did what to whom', () => {
  expect(
    auditWords(
      { ...line, actor: 'dr-ada', action: 'chat.read', subject: 'dm.pat-morgan.dr-ada' },
      names,
    ),
  ).toEqual({
    who: 'Dr Ada Osei',
    did: 'opened a chat',
    whom: 'Pat Morgan and Dr Ada Osei',
    rest: '',
  })
  expect(
    auditWords(
      {
        ...line,
        actor: 'operator',
        action: 'user.changed',
        subject: 'pat-morgan',
        details: { fields: ['name', 'email'] },
      },
      names,
    ),
  ).toEqual({
    who: 'The operator',
    did: 'changed the account of',
    whom: 'Pat Morgan',
    rest: 'fields: name email',
  })
})

it('what has no words is shown as it is', () => {
  expect(
    auditWords({ ...line, actor: 'gone', action: 'new.thing', subject: 'gone' }, names),
  ).toEqual({ who: 'gone', did: 'new.thing', whom: '', rest: '' })
})
