import { useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import { Switch } from '../ui/switch.tsx'
import { isSoundOn, setSound } from './sound.ts'

/** On this device only. */
export function SoundSwitch() {
  const [on, setOn] = useState(isSoundOn)
  return (
    <Switch
      on={on}
      onChange={(wanted) => {
        setSound(wanted)
        setOn(wanted)
      }}
    >
      <Icon name="bell" size={20} />
      Sound for new messages
    </Switch>
  )
}
