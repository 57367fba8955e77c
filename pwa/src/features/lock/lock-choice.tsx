import { useState } from 'react'
import { useClinic } from '../../ui/clinic-context.ts'
import styles from './lock-choice.module.css'
import { ownMinutes, setOwnMinutes } from './lock-shelf.ts'

const choices = [2, 5, 15, 30] as const

/** After how long this device locks itself; sooner than the clinic wants, or if it does not. */
export function LockChoice() {
  const { lockMinutes } = useClinic()
  const [own, setOwn] = useState(ownMinutes)
  const usual = lockMinutes === 0 ? 'Never' : `After ${lockMinutes} minutes, as the clinic has it`
  return (
    <label className={styles.choice}>
      Lock this device
      <select
        value={own}
        onChange={(event) => {
          const minutes = Number(event.target.value)
          setOwnMinutes(minutes)
          setOwn(minutes)
        }}
      >
        <option value={0}>{usual}</option>
        {choices
          .filter((minutes) => lockMinutes === 0 || minutes < lockMinutes)
          .map((minutes) => (
            <option key={minutes} value={minutes}>
              After {minutes} minutes
            </option>
          ))}
      </select>
    </label>
  )
}
