import type { ListedDevice } from '../../sync/devices-api.ts'

export const nameOfDevice = ({ name }: Pick<ListedDevice, 'name'>): string =>
  name ?? 'A device without a name'
