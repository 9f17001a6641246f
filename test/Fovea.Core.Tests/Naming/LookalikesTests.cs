using Fovea.Naming;

namespace Fovea.Core.Tests.Naming;

public sealed class LookalikesTests
{
    [Theory]
    [InlineData("caf\u00e9", "cafe\u0301")]
    [InlineData("\u1ebf", "e\u0302\u0301")]
    [InlineData("\u1ebf", "\u00ea\u0301")]
    [InlineData("\u00ea\u0301", "e\u0302\u0301")]
    [InlineData("\u304c", "\u304b\u3099")]
    [InlineData("\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af")]
    [InlineData("cat", "ca\u200bt")]
    [InlineData("a b", "a\u00a0b")]
    [InlineData("cat", "cat ")]
    public void Names_that_print_alike_are_found(string a, string b)
    {
        Assert.True(Lookalikes.AreAlike(a, b));
        Assert.True(Lookalikes.AreAlike(b, a));
        Assert.Equal([(a, b)], Lookalikes.Pairs(["other", a, "x", b]));
        Assert.Equal(b, Lookalikes.Of(a, ["x", b]));
    }

    [Theory]
    [InlineData("cat", "cat")]
    [InlineData("cat", "Cat")]
    [InlineData("caf\u00e9", "caf\u00e8")]
    [InlineData("cafe", "cafe\u0301")]
    [InlineData("\u043c\u0430\u0438\u0306", "\u043a\u043e\u0442")]
    public void Names_that_print_differently_are_not(string a, string b) => Assert.False(Lookalikes.AreAlike(a, b));
}
