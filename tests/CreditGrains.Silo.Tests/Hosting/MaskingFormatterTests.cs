using CreditGrains.Silo.Hosting;

namespace CreditGrains.Silo.Tests.Hosting;

public sealed class MaskingFormatterTests
{
    [Fact]
    public void Pseudonyms_are_cut_to_their_partition_and_lines_are_one()
    {
        Assert.Equal(
            "to citizen/0cdd… and 17A4…, of partition 12, #28B3D0EEE381C351 at once",
            MaskingFormatter.Mask("to citizen/0cdd2ee488f36102000000000000037b and 17A46CA0CBF016730000000000000268,\nof partition 12, #28B3D0EEE381C351 at once"));
    }
}
