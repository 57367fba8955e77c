import { expect, it } from 'vitest'
import { MAX_CSV_BYTES, MAX_IMPORTED, readPeopleCsv } from './people-csv.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const read = (text: string) => readPeopleCsv(bytes(text))
const HEADER = 'name,role,email,birth date,specialty\n'
const pat = { line: 2, name: 'Pat Morgan', role: 'patient', birthDate: '1984-05-02' }

it('reads what a spreadsheet writes', () => {
  const list = `${HEADER}Pat Morgan,patient,,1984-05-02,\n"Lee, Grace",Doctor,grace@clinic.example,,"Eye ""and"" ear"\n`
  expect(read(list)).toEqual({
    ok: true,
    value: {
      bad: [],
      people: [
        pat,
        {
          line: 3,
          name: 'Lee, Grace',
          role: 'doctor',
          email: 'grace@clinic.example',
          specialty: 'Eye "and" ear',
        },
      ],
    },
  })
})

it.each([
  ['with a byte order mark', `\ufeffname,role,birth date\nPat Morgan,patient,1984-05-02\n`],
  ['with semicolons', 'Name;Role;Birth Date\nPat Morgan;patient;1984-05-02\n'],
  ['with tabs', 'name\trole\tbirth_date\nPat Morgan\tpatient\t1984-05-02\n'],
  ['with ends of lines of Windows', 'name,role,birthDate\r\nPat Morgan,patient,1984-05-02\r\n'],
  ['without an end of the last line', 'role,name,birth-date\npatient,Pat Morgan,1984-05-02'],
  ['with blanks around', ' name , role , birth date \n  Pat Morgan ,patient , 1984-05-02 \n'],
  ['with empty lines after it', 'name,role,birth date\nPat Morgan,patient,1984-05-02\n\n,,\n'],
])('reads a file %s', (_, text) => {
  expect(read(text)).toEqual({ ok: true, value: { people: [pat], bad: [] } })
})

const utf16 = (text: string): Uint8Array =>
  Uint8Array.from([0xff, 0xfe, ...Buffer.from(text, 'utf16le')])

it.each([
  ['UTF-16', utf16(`${HEADER}Pat,patient,,1984-05-02,\n`), /in UTF-16: save it as "CSV UTF-8"/],
  ['UTF-16 without a mark', Buffer.from(HEADER, 'utf16le'), /perhaps UTF-16/],
  [
    'Latin-1',
    Buffer.from(`${HEADER}Pat,patient,,1984-05-02,\nJosé,patient,,1990-01-01,\n`, 'latin1'),
    /^line 3: the file is not in UTF-8, but perhaps in Windows-1252/,
  ],
  ['a spreadsheet', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), /no CSV at all/],
  ['nothing', new Uint8Array(), /empty; the first line names the columns: name, role/],
  [
    'another header',
    bytes('Vorname,Rolle\nPat,patient\n'),
    /^line 1: there is no column "Vorname"/,
  ],
  ['no role', bytes('name,email\nPat,pat@mail.example\n'), /there is no column role/],
  ['a column twice', bytes('name,role,name\nPat,patient,Pat\n'), /column name is there twice/],
  [
    'an open quotation mark',
    bytes(`${HEADER}"Pat,patient,,1984-05-02,\n`),
    /mark is opened and not closed/,
  ],
  [
    'a stray quotation mark',
    bytes(`${HEADER}Pat "P" M,patient,,1984-05-02,\n`),
    /^line \d: a quotation mark/,
  ],
  [
    'a line without end',
    bytes(`${HEADER}${'x'.repeat(5_000)},patient,,,\n`),
    /longer than 2000 characters/,
  ],
  ['too large a file', new Uint8Array(MAX_CSV_BYTES + 1).fill(65), /larger than 8 MiB: split it/],
])('refuses %s, and says why', (_, content, reason) => {
  expect(readPeopleCsv(content)).toEqual({ ok: false, error: expect.stringMatching(reason) })
})

it('names each line that is no person, and the reason', () => {
  const text = `${HEADER}Pat,patient,,1984-05-02
Kim,nurse,kim@mail.example,,
Jos\ufffd,patient,,1990-01-01,
Lee,patient,,,
Grace,doctor,,,Eyes
Boss,admin,boss@clinic.example,,
`
  expect(read(text)).toEqual({
    ok: true,
    value: {
      people: [],
      bad: [
        { line: 2, reason: '4 fields where the first line has 5' },
        { line: 3, reason: 'the role is one of patient, doctor, staff' },
        { line: 4, reason: 'a letter was lost when the file was saved' },
        { line: 5, reason: expect.stringMatching(/e-mail address or a birth date is needed/) },
        { line: 6, reason: 'an e-mail address is needed' },
        { line: 7, reason: 'the role is one of patient, doctor, staff' },
      ],
    },
  })
})

it('takes a long list, and none that is longer', () => {
  const line = (i: number): string => `Person ${i},patient,p${i}@mail.example,,\n`
  const long = HEADER + Array.from({ length: MAX_IMPORTED }, (_, i) => line(i)).join('')
  const list = read(long)
  expect(list.ok && list.value.people.length).toBe(MAX_IMPORTED)
  expect(list.ok && list.value.people.at(-1)?.line).toBe(MAX_IMPORTED + 1)
  expect(read(long + line(MAX_IMPORTED))).toMatchObject({
    ok: false,
    error: expect.stringMatching(/has more than 10000 people: split it/),
  })
})
