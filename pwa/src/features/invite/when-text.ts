/** As "Monday, 7 December", in the language of the device. @param at ms */
export const dayText = (at: number): string =>
  new Date(at).toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' })

/** As "14:05". @param at ms */
export const timeText = (at: number): string =>
  new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
