import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openContext } from '../admin/open-context.ts'
import { serveAdmin } from '../admin/socket/admin-socket.ts'
import { readUser, USER_PREFIX } from '../directory/user.ts'
import { verifyAudit } from '../storage/audit.ts'
import { LevelStore } from '../storage/level-store.ts'
import { runAdmin } from './admin-command.ts'
import type { AdminOutcome } from './open-data.ts'

let folder = ''
let dataDir = ''
let csv = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-import-'))
  dataDir = join(folder, 'data')
  csv = join(folder, 'people.csv')
  await (await LevelStore.open(dataDir, { create: true })).close()
})
afterEach(() => rm(folder, { recursive: true }))

const run = (...args: string[]): Promise<AdminOutcome> =>
  runAdmin({ args, env: { DATA_DIR: dataDir }, readInput: async () => 'four words that differ' })
const names = async (): Promise<string[]> => {
  const store = await LevelStore.open(dataDir)
  const users = (await store.listRecords(USER_PREFIX)).map(({ value }) => readUser(value))
  expect(await verifyAudit(store)).toMatchObject({ kind: 'intact' })
  await store.close()
  return users.map(({ name, status }) => `${name} ${status}`).sort()
}

const LIST = `name,role,email,birth date,specialty
Pat Morgan,patient,,1984-05-02,
Kim Novak,patient,kim@mail.example,1990-01-01,
Grace Lee,doctor,grace@clinic.example,,Surgery
`

it('looks first, makes all of them, and none twice', async () => {
  await writeFile(csv, `\ufeff${LIST}`)
  expect(await run('import', csv)).toEqual({
    ok: true,
    value: expect.stringMatching(
      /^to be made: 2 patients, 1 doctor; nothing was changed, add --apply/,
    ),
  })
  expect(await names()).toEqual([])
  expect(await run('import', csv, '--apply')).toEqual({
    ok: true,
    value: `made, as invited: 2 patients, 1 doctor, in ${dataDir}`,
  })
  expect(await names()).toEqual(['Grace Lee invited', 'Kim Novak invited', 'Pat Morgan invited'])
  const again = await run('import', csv, '--apply')
  expect(again).toEqual({
    ok: false,
    error: expect.stringMatching(
      /3 lines cannot be taken, and nobody was made\nline 2: .*this name and birth date already\nline 3: .*already\nline 4: .*e-mail address already/,
    ),
  })
  expect(await names()).toHaveLength(3)
})

it('gives a link for each into a new file, by which they begin', async () => {
  await writeFile(csv, LIST)
  const links = join(folder, 'links.csv')
  await writeFile(links, 'mine')
  expect(await run('import', csv, '--apply', '--links', links)).toMatchObject({
    ok: false,
    error: expect.stringMatching(/EEXIST/),
  })
  expect(await names()).toEqual([])
  await rm(links)
  expect(await run('import', csv, '--apply', '--links', links)).toMatchObject({ ok: true })
  expect((await stat(links)).mode & 0o777).toBe(0o600)
  const rows = (await readFile(links, 'utf8')).split('\r\n')
  expect(rows[0]).toBe('\ufeffname,email,birth date,link')
  expect(rows[1]).toMatch(/^Pat Morgan,,1984-05-02,\/join#[\w-]{40,}$/)
  expect(rows).toHaveLength(5)
  const store = await LevelStore.open(dataDir)
  const { waysIn } = await openContext(store, {
    dataDir,
    jwtSecret: undefined,
  })
  const [, token = ''] = /#([\w-]+)/.exec(rows[1] ?? '') ?? []
  expect(await waysIn.links.find({ token }, '192.0.2.1')).toMatchObject({
    ok: true,
    value: { link: { kind: 'invitation', createdBy: 'operator' } },
  })
  await store.close()
  // Of a list that is refused there is no file.
  const others = join(folder, 'others.csv')
  expect(await run('import', csv, '--apply', '--links', others)).toMatchObject({ ok: false })
  await expect(stat(others)).rejects.toMatchObject({ code: 'ENOENT' })
})

it('makes nobody for one line that is wrong, and names each of them', async () => {
  await run('create-user', '--email', 'here@mail.example', '--name', 'Here', '--role', 'patient')
  await writeFile(
    csv,
    `${LIST}Kim Twice,patient,KIM@mail.example,,
Pat  Twice,patient,,2.5.1984,
PAT MORGAN,patient,,1984-05-02,
Ann,patient,no address,,
Bo,patient,bo@mail.example,2999-01-01,
Cy,patient,cy@mail.example,,Surgery
Di,doctor,di@clinic.example,1970-01-01,
,patient,e@mail.example,,
${'F'.repeat(81)},patient,f@mail.example,,
Gil,patient,Here@mail.example,,
Hal,patient
`,
  )
  const outcome = await run('import', csv, '--apply')
  expect(outcome.ok ? '' : outcome.error.split('\n')).toEqual([
    `${csv}: 11 lines cannot be taken, and nobody was made`,
    'line 5: the same e-mail address as in line 3',
    'line 6: a birth date is for patients, a day that has been, as yyyy-mm-dd',
    'line 7: the same name and birth date as in line 2',
    'line 8: the e-mail address is none',
    'line 9: a birth date is for patients, a day that has been, as yyyy-mm-dd',
    'line 10: a specialty is for doctors, 1 to 80 characters that can be read',
    'line 11: a birth date is for patients, a day that has been, as yyyy-mm-dd',
    'line 12: the name has to be 1 to 80 characters that can be read',
    'line 13: the name has to be 1 to 80 characters that can be read',
    'line 14: there is an account with this e-mail address already',
    `line 15: 2 fields where the first line has 5 (${dataDir})`,
  ])
  expect(await names()).toEqual(['Here active'])
})

it('has a running server make them, ten thousand at once', async () => {
  const lines = Array.from({ length: 10_000 }, (_, i) => `Person ${i},patient,p${i}@mail.example,,`)
  await writeFile(csv, `${LIST.split('\n')[0]}\n${lines.join('\n')}\n`)
  const store = await LevelStore.open(dataDir)
  const socket = await serveAdmin({
    dataDir,
    context: await openContext(store, { dataDir, jwtSecret: undefined }),
    copyDatabase: (to, signal) => store.copyTo(to, { signal }),
    keepFiles: () => async () => {},
    log: () => {},
  })
  const outcome = await run('import', csv, '--apply')
  await socket.close()
  await store.close()
  expect(outcome).toMatchObject({
    ok: true,
    value: expect.stringMatching(/^made, as invited: 10000 patients/),
  })
  expect(await names()).toHaveLength(10_000)
}, 60_000)

it('says what it cannot read', async () => {
  const attempts: [string[], RegExp][] = [
    [['import'], /^usage: import <people.csv>/],
    [['import', csv, csv], /^usage/],
    [['import', csv, '--force'], /^usage/],
    [['import', csv], /ENOENT/],
    [['import', folder], /EISDIR/],
  ]
  for (const [args, error] of attempts)
    expect(await run(...args)).toEqual({ ok: false, error: expect.stringMatching(error) })
  await writeFile(csv, Buffer.from('\ufeffname,role\n', 'utf16le'))
  expect(await run('import', csv)).toEqual({
    ok: false,
    error: `${csv}: the file is in UTF-16: save it as "CSV UTF-8"`,
  })
})
