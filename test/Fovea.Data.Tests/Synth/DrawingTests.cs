using System.Numerics;
using Fovea.Data.Synth;

namespace Fovea.Data.Tests.Synth;

public sealed class DrawingTests
{
    [Theory]
    [InlineData(0, 0, -1.5)]
    [InlineData(1.2, 0.3, -0.3)]
    [InlineData(2, 0, 0.5)]
    [InlineData(4, 5, 4.5)]
    public void A_polygon_measures_the_distance_to_its_rounded_edge(float x, float y, float distance)
    {
        var square = new Polygon(0.5f, -1, -1, 1, -1, 1, 1, -1, 1);

        Assert.Equal(distance, square.Distance(x, y), tolerance: 1e-5f);
    }

    [Fact]
    public void A_field_interpolates_the_distances_of_its_figure()
    {
        var polygon = Polygon.Regular(6, 0.9f, 0.1f);
        var field = new DistanceField(1.3f, polygon.Distance);

        for (var i = 0; i < 200; i++)
        {
            var (x, y) = (1.25f * (float)Math.Sin(i), 1.25f * (float)Math.Cos(3.7 * i));
            Assert.Equal(polygon.Distance(x, y), field.At(x, y), tolerance: 0.01f);
        }
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(2.6)]
    public void Defocus_spreads_a_point_by_the_deviation_and_keeps_its_light(float deviation)
    {
        var scene = Point(41, 35);

        Lens.Defocus(scene, deviation);

        var (light, variance) = (0.0, 0.0);
        for (var i = 0; i < scene.Pixels.Length; i++)
        {
            var (dx, dy) = ((i % scene.Width) - 20, (i / scene.Width) - 17);
            light += scene.Pixels[i].X;
            variance += scene.Pixels[i].X * ((dx * dx) + (dy * dy)) / 2.0;
        }

        Assert.Equal(1, light, tolerance: 1e-4);
        // A box of a fractional width has a little more variance than the formula for whole ones says.
        Assert.Equal(deviation, Math.Sqrt(variance), tolerance: 0.13);
    }

    [Fact]
    public void Motion_spreads_a_point_along_its_path_alone()
    {
        var scene = Point(21, 21);

        Lens.Move(scene, dx: 4, dy: 0);

        Assert.Equal(1, scene.Row(10)[6..15].ToArray().Sum(pixel => pixel.X), tolerance: 1e-5f);
        Assert.True(scene.Row(10)[8].X > 0 && scene.Row(10)[12].X > 0);
    }

    [Fact]
    public void A_plain_scene_stays_plain_through_every_filter()
    {
        var (small, scene) = (Plain(9, 7), Plain(20, 15));

        Lens.Enlarge(small, scene);
        Lens.Defocus(scene, 1.7f);
        Lens.Move(scene, 2, 3);

        foreach (var pixel in scene.Pixels) Assert.True((pixel - (Vector4.One * 0.25f)).Length() < 1e-5f);
    }

    private static Scene Plain(int width, int height)
    {
        var scene = new Scene();
        scene.Resize(width, height);
        scene.Pixels.Fill(Vector4.One * 0.25f);
        return scene;
    }

    private static Scene Point(int width, int height)
    {
        var scene = new Scene();
        scene.Resize(width, height);
        scene.Row(height / 2)[width / 2] = Vector4.One;
        return scene;
    }
}
