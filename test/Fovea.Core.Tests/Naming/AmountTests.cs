using Fovea.Naming;

namespace Fovea.Core.Tests.Naming;

public sealed class AmountTests
{
    [Theory]
    [InlineData(1, "class", "1 class")]
    [InlineData(0, "class", "0 classes")]
    [InlineData(1, "training image", "1 training image")]
    [InlineData(2, "training image", "2 training images")]
    [InlineData(12, "batch", "12 batches")]
    [InlineData(3, "entry", "3 entries")]
    [InlineData(3, "day", "3 days")]
    [InlineData(2, "box", "2 boxes")]
    public void A_noun_follows_its_number(long count, string noun, string text) => Assert.Equal(text, Amount.Of(count, noun));

    [Fact]
    public void More_than_the_noun_may_follow_it() =>
        Assert.Equal(["1 link leads", "2 links lead"], [Amount.Of(1, "link leads", "links lead"), Amount.Of(2, "link leads", "links lead")]);

    [Fact]
    public void A_range_of_one_number_is_that_number() => Assert.Equal(["100", "8 to 100"], [Amount.Range(100, 100), Amount.Range(8, 100)]);
}
