using Fovea.Data.Sources;
using Fovea.Data.Tests.Sampling;

namespace Fovea.Data.Tests.Sources;

/// <summary>A share of each class.</summary>
public sealed class ClassShareTests
{
    private static readonly Labelled s_images = new([.. Enumerable.Range(0, 200).Select(i => i < 120 ? 0 : i < 160 ? 1 : i < 187 ? 2 : i < 198 ? 3 : 4)]);

    [Theory]
    [InlineData(0.3, new[] { 36, 12, 8, 3, 1 })]
    [InlineData(0.5, new[] { 60, 20, 13, 5, 1 })]
    [InlineData(0.001, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(1, new[] { 120, 40, 27, 11, 2 })]
    [Trait("row", "S3-01")]
    public void A_share_of_each_class_is_rounded_down_but_at_least_one_image(double share, int[] expected)
    {
        var some = ClassShare.Of(s_images, share);
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(label => Enumerable.Range(0, some.Count).Count(i => some.Label(i) == label)));
        Assert.Equal(s_images.ClassNames, some.ClassNames);
    }

    [Fact]
    public void Which_images_are_taken_follows_from_the_seed_and_of_a_smaller_share_are_among_those_of_a_larger()
    {
        Assert.Equal(Keys(0.3, 1), Keys(0.3, 1));
        Assert.NotEqual(Keys(0.3, 1), Keys(0.3, 2));
        Assert.Empty(Keys(0.3, 1).Except(Keys(0.5, 1)));
        Assert.Equal(Keys(0.3, 1).OrderBy(int.Parse), Keys(0.3, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_share_out_of_range_is_refused(double share) => Assert.Throws<ArgumentOutOfRangeException>(() => ClassShare.Of(s_images, share));

    private static string[] Keys(double share, ulong seed)
    {
        var some = ClassShare.Of(s_images, share, seed);
        return [.. Enumerable.Range(0, some.Count).Select(some.Key)];
    }
}
