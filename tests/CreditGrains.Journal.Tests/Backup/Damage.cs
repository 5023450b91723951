namespace CreditGrains.Journal.Tests.Backup;

/// <summary>What a bad disk does to bytes.</summary>
internal static class Damage
{
    internal static byte[] Flip(byte[] bytes, int at)
    {
        byte[] damaged = [.. bytes];
        damaged[at] ^= 0x10;
        return damaged;
    }
}
