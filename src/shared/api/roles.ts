/** Who may do what. Each role may do what the one before it may. */
export const ROLES = ['operator', 'engineer', 'administrator'] as const;
export type Role = (typeof ROLES)[number];

export function hasRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
