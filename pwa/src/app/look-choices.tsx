import { useId, useState } from 'react'
import { setTextSize, setTheme, textSizeNow, textSizes, themeNow, themes } from './look.ts'
import styles from './look-choices.module.css'

interface Props<T extends string> {
  name: string
  values: readonly T[]
  labels: Record<T, string>
  value: T
  onChange: (value: T) => void
}

function Choice<T extends string>({ name, values, labels, value, onChange }: Props<T>) {
  const group = useId()
  return (
    <fieldset className={styles.choice}>
      <legend className={styles.name}>{name}</legend>
      <div className={styles.values}>
        {values.map((one) => (
          <label key={one} className={styles.value}>
            <input
              type="radio"
              className={styles.radio}
              name={group}
              value={one}
              checked={one === value}
              onChange={() => onChange(one)}
            />
            {labels[one]}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

/** On this device only. */
export function LookChoices() {
  const [theme, changeTheme] = useState(themeNow)
  const [size, changeSize] = useState(textSizeNow)
  return (
    <>
      <Choice
        name="Text size"
        values={textSizes}
        labels={{ normal: 'Normal', large: 'Large', larger: 'Larger', largest: 'Largest' }}
        value={size}
        onChange={(wanted) => {
          setTextSize(wanted)
          changeSize(wanted)
        }}
      />
      <Choice
        name="Appearance"
        values={themes}
        labels={{ automatic: 'Automatic', light: 'Light', dark: 'Dark' }}
        value={theme}
        onChange={(wanted) => {
          setTheme(wanted)
          changeTheme(wanted)
        }}
      />
    </>
  )
}
