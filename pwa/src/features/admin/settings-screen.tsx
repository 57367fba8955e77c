import { type FormEvent, useState } from 'react'
import { type ClinicView, parseClinic } from '../../base/clinic.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { useToast } from '../../ui/toast.tsx'
import { AccentChoice } from './accent-choice.tsx'
import type { Problem } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { Loaded } from './loaded.tsx'
import { LogoChoice } from './logo-choice.tsx'
import { ProblemNote } from './problem-note.tsx'
import styles from './settings-screen.module.css'
import { useLoad } from './use-load.ts'

/** As the server has it. */
const MOST_NOTES = 4_000

const locks: readonly (readonly [minutes: number, name: string])[] = [
  [0, 'Only where staff want it'],
  [2, 'After 2 minutes'],
  [5, 'After 5 minutes'],
  [15, 'After 15 minutes'],
  [30, 'After 30 minutes'],
  [60, 'After an hour'],
]

const starts: readonly (readonly [keyof ClinicView['mayStart'], string])[] = [
  ['patientToDoctor', 'Patients, with a doctor'],
  ['doctorToPatient', 'Doctors, with a patient'],
  ['groups', 'Doctors, with a group'],
]

/** How the clinic presents itself. @param onSaved devices of this tab follow at once */
export function SettingsScreen({ onSaved }: { onSaved: () => void }) {
  const { api } = useAdmin()
  const [load, reload, put] = useLoad('settings', () => api.settings())
  return (
    <>
      <h1 className={styles.title}>Settings</h1>
      <Loaded load={load} onRetry={() => void reload()}>
        {(value) => {
          const clinic = parseClinic(value)
          return (
            clinic !== undefined && (
              <Form
                clinic={clinic}
                onSaved={(saved) => {
                  put(saved)
                  onSaved()
                }}
              />
            )
          )
        }}
      </Loaded>
    </>
  )
}

function Form({ clinic, onSaved }: { clinic: ClinicView; onSaved: (saved: unknown) => void }) {
  const { api } = useAdmin()
  const [draft, setDraft] = useState(clinic)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const toast = useToast()
  const change = (part: Partial<ClinicView>) => setDraft({ ...draft, ...part })
  const changed = changesOf(clinic, draft)

  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(null)
    const answer = await api.changeSettings(changed)
    setBusy(false)
    if (!answer.ok) return setProblem(answer.problem)
    onSaved(answer.value)
    const kept = parseClinic(answer.value)
    if (kept !== undefined) setDraft(kept)
    toast('Saved. Devices follow within minutes.')
  }

  return (
    <form className={styles.form} onSubmit={(event) => void save(event)} noValidate>
      <section className={parts.card}>
        <h2>The clinic</h2>
        <div className={styles.fields}>
          <Field
            label="Name"
            value={draft.name}
            maxLength={80}
            dir="auto"
            autoComplete="organization"
            onChange={(event) => change({ name: event.target.value })}
          />
          <LogoChoice logo={draft.logo} onChange={(logo) => change({ logo })} />
          <AccentChoice accent={draft.accent} onChange={(accent) => change({ accent })} />
        </div>
      </section>
      <section className={parts.card}>
        <h2>For patients</h2>
        <div className={styles.fields}>
          <Field
            label="Emergency number"
            type="tel"
            value={draft.emergencyNumber}
            maxLength={20}
            autoComplete="off"
            onChange={(event) => change({ emergencyNumber: event.target.value })}
          />
          <label className={parts.select}>
            What patients read before they write for the first time
            <textarea
              className={parts.area}
              dir="auto"
              maxLength={MOST_NOTES}
              value={draft.notes}
              placeholder="When messages are read, what they are not for, what happens with them."
              onChange={(event) => change({ notes: event.target.value })}
            />
          </label>
          <p className={parts.soft}>
            An empty line begins a paragraph. The emergency number stands below it anyway. Whoever
            has read it reads it again when it is another.
          </p>
        </div>
      </section>
      <section className={parts.card}>
        <h2>Who may begin a chat</h2>
        <p className={parts.soft}>Chats that are there go on.</p>
        {starts.map(([start, name]) => (
          <label key={start} className={parts.check}>
            <input
              type="checkbox"
              checked={draft.mayStart[start]}
              onChange={(event) =>
                change({ mayStart: { ...draft.mayStart, [start]: event.target.checked } })
              }
            />
            {name}
          </label>
        ))}
      </section>
      <section className={parts.card}>
        <h2>Lock</h2>
        <div className={styles.fields}>
          <label className={parts.select}>
            Devices of the clinic’s staff ask for passkey or password
            <select
              value={draft.lockMinutes}
              onChange={(event) => change({ lockMinutes: Number(event.target.value) })}
            >
              {locks.every(([minutes]) => minutes !== draft.lockMinutes) && (
                <option value={draft.lockMinutes}>After {draft.lockMinutes} minutes</option>
              )}
              {locks.map(([minutes, name]) => (
                <option key={minutes} value={minutes}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <p className={parts.soft}>
            For a computer that others pass by. It hides what is on the screen, and keeps nobody out
            who takes the device apart.
          </p>
        </div>
      </section>
      {problem !== null && <ProblemNote problem={problem} />}
      <div className={styles.bar}>
        <Button disabled={busy || isEmpty(changed)} onClick={() => setDraft(clinic)}>
          Undo changes
        </Button>
        <Button type="submit" look="primary" aria-busy={busy} disabled={busy || isEmpty(changed)}>
          {busy && <Spinner />}
          Save
        </Button>
      </div>
    </form>
  )
}

const changesOf = (before: ClinicView, after: ClinicView): Partial<ClinicView> =>
  Object.fromEntries(
    Object.entries(after).filter(
      ([field, value]) =>
        JSON.stringify(value) !== JSON.stringify(before[field as keyof ClinicView]),
    ),
  )

const isEmpty = (change: object): boolean => Object.keys(change).length === 0
