import type { User } from '../directory/user.ts'

/** Those of the clinic: whoever signs in as one of them sees what many patients wrote. */
export const isOfClinic = ({ roles }: Pick<User, 'roles'>): boolean =>
  roles.some((role) => role === 'doctor' || role === 'staff' || role === 'admin')
