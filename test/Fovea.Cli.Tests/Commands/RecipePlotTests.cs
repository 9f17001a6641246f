using Fovea.Data.Decoding;

namespace Fovea.Cli.Tests.Commands;

public sealed class RecipePlotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string[] Command(params string[] more) => ["recipe", "plot", "-o", _folder.Path("lr.png"), "--samples", "1000", .. more];

    [Fact]
    public void The_points_are_the_rates_of_the_schedule_scaled_as_the_run_scales_them()
    {
        string[] recipe = ["train.epochs=4", "train.batch_size=100", "optimizer.learning_rate=0.2", "optimizer.linear_rule_batch=50"];
        var shell = Shell.Run(Command([.. recipe.SelectMany(value => (string[])["--set", value]), "--json"]));
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Equal(10, shell.Json.GetProperty("steps_per_epoch").GetInt32());
        var points = shell.Json.GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal(40, points.Length);
        for (var step = 0; step < points.Length; step++)
        {
            Assert.Equal(step / 10.0, points[step].GetProperty("epoch").GetDouble(), 1e-12);
            Assert.Equal(0.2 * (1 + Math.Cos(Math.PI * step / 40)), points[step].GetProperty("learning_rate").GetDouble(), 1e-12);
        }

        Assert.Equal(1100, ImageHeader.Read(File.ReadAllBytes(_folder.Path("lr.png")), "lr.png").Width);
    }

    [Fact]
    public void A_schedule_that_sets_the_momentum_shows_it_too()
    {
        var points = Shell.Run(Command("--set", "schedule=one_cycle", "--json")).Json.GetProperty("points");
        var momenta = points.EnumerateArray().Select(point => point.GetProperty("momentum").GetDouble()).ToArray();
        Assert.InRange(momenta.Min(), 0.84, 0.86);
        Assert.InRange(momenta.Max(), 0.94, 0.96);
    }

    [Fact]
    public void Flags_that_cannot_be_are_refused()
    {
        Shell.Fails(2, "--samples is 0; wanted at least 1", "recipe", "plot", "-o", _folder.Path("lr.png"), "--samples", "0");
        Shell.Fails(2, $"{_folder.Path("lr.svg")}: ends in '.svg'; wanted a file that ends in .png", "recipe", "plot", "-o", _folder.Path("lr.svg"));
    }

    [Fact]
    public void The_updates_of_an_epoch_may_follow_from_the_data_and_the_sampler()
    {
        var data = TinyData.Make(_folder);
        foreach (var file in Directory.GetFiles(_folder.Path("data/train/red")).Skip(2)) File.Delete(file);
        string[] command = ["recipe", "plot", "-o", _folder.Path("lr.png"), "--set", "train.batch_size=3", "--set", "train.epochs=2", "--json"];
        int Updates(params string[] more) => Shell.Run([.. command, .. more]).Json.GetProperty("steps_per_epoch").GetInt32();
        Assert.Equal(6, Updates("--data", data));
        Assert.Equal(6, Updates("--samples", "18"));
        Assert.Equal(3, Updates("--data", data, "--set", "train.accumulate=2"));
        Assert.Equal(3, Updates("--data", data, "--set", "data.fraction=0.5"));
        // Of 18 images, 2 of a class: an epoch takes each of these several times.
        Assert.True(Updates("--data", data, "--set", "sampler={kind: repeat_factor, threshold: 0.5}") > 6);
        Assert.Equal(6, Updates("--samples", "20", "--set", "train.drop_last=true"));
        Assert.Equal(7, Updates("--samples", "20"));
    }

    [Fact]
    public void Data_and_samples_are_not_both_taken_nor_too_few()
    {
        Shell.Fails(2, "--samples and --data both say how many images there are; wanted one of them", Command("--data", _folder.Path(".")));
        Shell.Fails(2, "--coarse-labels goes with --data only: it says how data is read", Command("--coarse-labels"));
        Shell.Fails(
            2, "--samples: fewer images than a batch of 2000; wanted a smaller train.batch_size, or train.drop_last=false",
            Command("--set", "train.batch_size=2000", "--set", "train.drop_last=true"));
    }
}
