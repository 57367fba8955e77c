import type { KeyboardEvent, Ref } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import styles from './search-field.module.css'

interface Props {
  label: string
  value: string
  onChange: (value: string) => void
  inputRef?: Ref<HTMLInputElement>
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
}

/** A filter. Esc empties it, then leaves it; in a dialog an empty one lets Esc close that. */
export function SearchField({ label, value, onChange, inputRef, onKeyDown }: Props) {
  return (
    <div className={styles.box}>
      <Icon name="search" size={20} />
      <input
        ref={inputRef}
        className={styles.input}
        type="search"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return onKeyDown?.(event)
          if (value === '' && event.currentTarget.closest('dialog') !== null) return
          event.preventDefault()
          if (value === '') event.currentTarget.blur()
          else onChange('')
        }}
      />
      {value !== '' && (
        <Button
          look="icon"
          className={styles.clear}
          aria-label="Clear search"
          onClick={() => onChange('')}
        >
          <Icon name="close" size={18} />
        </Button>
      )}
    </div>
  )
}
