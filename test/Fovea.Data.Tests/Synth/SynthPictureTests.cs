using System.Security.Cryptography;
using Fovea.Data.Synth;

namespace Fovea.Data.Tests.Synth;

public sealed class SynthPictureTests
{
    // A change of one pixel of one picture changes everybody's demo data set: it wants a new version in SynthFolder.
    [Theory]
    [InlineData(0, 0, "aa89472950b44506")]
    [InlineData(7, 3, "4bb0f24f7db72cdf")]
    [InlineData(13, 11, "ed5ec72f23e5eb0a")]
    [InlineData(22, 1, "4b93f985503c5b1c")]
    [InlineData(95, 2, "64f110cc3b4ecc4b")]
    public void A_picture_has_the_same_pixels_on_every_machine(int classIndex, int number, string sha256)
    {
        var pixels = new SynthPicture().Draw(seed: 1, classIndex, number);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(pixels))[..16]);
    }

    [Fact]
    public void A_picture_does_not_depend_on_what_its_painter_drew_before()
    {
        var used = new SynthPicture();
        for (var number = 0; number < 8; number++) used.Draw(seed: 5, classIndex: 3, number);

        var again = used.Draw(seed: 1, classIndex: 4, number: 2).ToArray();

        Assert.Equal(new SynthPicture().Draw(seed: 1, classIndex: 4, number: 2), again);
    }

    [Fact]
    public void Pictures_differ_when_seed_class_or_number_does()
    {
        var painter = new SynthPicture();
        string Hash(ulong seed, int classIndex, int number) => Convert.ToHexString(SHA256.HashData(painter.Draw(seed, classIndex, number)));

        Assert.Distinct([Hash(1, 0, 0), Hash(2, 0, 0), Hash(1, 1, 0), Hash(1, 0, 1), Hash(1UL << 40, 0, 0)]);
    }

    [Fact]
    public void Class_names_are_distinct_lower_case_words()
    {
        var names = Enumerable.Range(0, SynthOptions.MostClasses).Select(index => SignClass.At(index).Name).ToArray();

        Assert.True(names.Length >= 64);
        Assert.Distinct(names);
        Assert.All(names, name => Assert.Matches("^[a-z]+-[a-z]+-[a-z]+$", name));
    }

    [Fact]
    public void No_form_colour_or_figure_tells_a_class_of_the_default_24()
    {
        var classes = Enumerable.Range(0, 24).Select(SignClass.At).ToArray();

        Assert.All(classes.GroupBy(sign => sign.Role), group => Assert.Equal(3, group.Count()));
        Assert.All(classes.GroupBy(sign => sign.Glyph), group => Assert.Equal(3, group.Count()));
        Assert.All(classes.GroupBy(sign => sign.Livery), group => Assert.True(group.Count() >= 3));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5235987755982988)]
    [InlineData(-1.2)]
    [InlineData(2.5)]
    [InlineData(6.28)]
    [InlineData(-97.3)]
    public void Own_sine_and_cosine_agree_with_the_system(double angle)
    {
        Assert.Equal(Math.Sin(angle), ExactMath.Sin(angle), tolerance: 1e-11);
        Assert.Equal(Math.Cos(angle), ExactMath.Cos(angle), tolerance: 1e-11);
    }

    [Fact]
    public void A_view_from_the_front_shows_the_sign_at_its_place_and_in_its_size()
    {
        var (u, v, pixels) = At(x: 45, y: 35, roll: 0, yaw: 0, distance: 5);

        Assert.Equal(0.5, u, tolerance: 1e-5);
        Assert.Equal(0.5, v, tolerance: 1e-5);
        Assert.Equal(10, pixels, tolerance: 1e-4);
    }

    [Fact]
    public void A_view_turned_in_the_picture_turns_the_sign()
    {
        var (u, v, _) = At(x: 45, y: 30, roll: Math.PI / 2, yaw: 0, distance: 5);

        Assert.Equal(0, u, tolerance: 1e-5);
        Assert.Equal(-0.5, v, tolerance: 1e-5);
    }

    [Fact]
    public void A_view_from_the_side_narrows_the_sign_and_its_far_half_more()
    {
        var (u, _, pixels) = At(x: 42, y: 30, roll: 0, yaw: Math.PI / 3, distance: 1000);
        Assert.Equal(0.4, u, tolerance: 1e-3);
        Assert.Equal(10 / Math.Sqrt(2), pixels, tolerance: 0.1);

        var (near, far) = (At(x: 44, y: 30, roll: 0, yaw: Math.PI / 3, distance: 4).U, -At(x: 36, y: 30, roll: 0, yaw: Math.PI / 3, distance: 4).U);
        Assert.True(near < 0.8 && far > 0.8, $"{near} and {far}");
    }

    private static (float U, float V, float Pixels) At(float x, float y, double roll, double yaw, double distance) =>
        View.Of(centerX: 40, centerY: 30, radius: 10, roll, yaw, pitch: 0, distance).Row(y).At(x);
}
