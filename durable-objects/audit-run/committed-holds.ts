/** Hold ids are `<order id>~<attempt>`. Pure. */
export function orderOfHold(holdId: string): string {
  return holdId.split("~")[0] ?? holdId;
}
