using Fovea.Naming;

namespace Fovea.Core.Tests.Naming;

public sealed class NearestNameTests
{
    private static readonly string[] s_names = ["conv1.weight", "bn1.weight", "bn1.bias", "layer1.0.conv1.weight", "fc.weight", "fc.bias"];

    [Theory]
    [InlineData("biass", "bn1.bias, fc.bias")]
    [InlineData("layer9", "layer1.0.conv1.weight, conv1.weight")]
    [InlineData("fc.wieght", "fc.weight, conv1.weight")]
    [InlineData("LAYER1", "layer1.0.conv1.weight, conv1.weight")]
    [InlineData("", "conv1.weight, bn1.weight")]
    public void Names_of_which_some_part_is_nearest_come_first(string text, string nearest) =>
        Assert.Equal(nearest, string.Join(", ", NearestName.Around(text, s_names, most: 2)));

    [Fact]
    public void There_are_as_many_as_there_are_and_long_texts_are_cut()
    {
        Assert.Equal(s_names.Length, NearestName.Around("x", s_names, most: 10).Count);
        Assert.Equal(["fc.bias"], NearestName.Around("fc.bias" + new string('x', 1_000_000), s_names, most: 1));
        Assert.Empty(NearestName.Around("x", [], most: 3));
    }
}
