using Fovea.Cli.Pictures;
using Fovea.Data.Decoding;

namespace Fovea.Cli.Tests.Commands;

public sealed class DataPreviewTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _data;

    public DataPreviewTests() => _data = TinyData.Make(_folder);

    public void Dispose() => _folder.Dispose();

    private string Sheet => _folder.Path("sheet.png");

    private string[] Command(params string[] more) => ["data", "preview", .. TinyData.Flags, "--data", _data, "-o", Sheet, .. more];

    [Fact]
    public void A_sheet_shows_each_image_with_its_draws_then_views_and_mixed_rows()
    {
        const string mixing = "augment.mixing=[{kind: cutmix, probability: 0.5}, {kind: mixup, probability: 0.5}]";
        var shell = Shell.Run(Command("--images", "3", "--draws", "4", "--json", "--set", "augment.views=flip", "--set", mixing));
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Equal(3, shell.Json.GetProperty("images").GetArrayLength());
        var blocks = shell.Json.GetProperty("blocks").EnumerateArray().Select(
            block => (block.GetProperty("heading").GetString(), block.GetProperty("rows").GetInt32(), block.GetProperty("columns").GetInt32())).ToArray();
        Assert.Equal(("As evaluation sees them, and as training does", 3, 5), blocks[0]);
        Assert.Equal(("views in evaluation: flip", 2, 2), blocks[1]);
        Assert.All(blocks[2..], block => Assert.Matches("^(cutmix|mixup), batch [1-4] of epoch 1$", block.Item1));
        var picture = ImageHeader.Read(File.ReadAllBytes(Sheet), "sheet.png");
        Assert.Equal((2 * 24) + (5 * (128 + 10)) - 10, picture.Width);
    }

    [Fact]
    public void The_same_command_draws_the_same_bytes_and_another_epoch_others()
    {
        Assert.Equal(0, Shell.Run(Command()).Code);
        var first = File.ReadAllBytes(Sheet);
        Assert.Equal(0, Shell.Run(Command()).Code);
        Assert.Equal(first, File.ReadAllBytes(Sheet));
        Assert.Equal(0, Shell.Run(Command("--epoch", "9")).Code);
        Assert.NotEqual(first, File.ReadAllBytes(Sheet));
    }

    [Fact]
    public void Images_may_be_picked_by_path_or_number()
    {
        var shell = Shell.Run(Command("--pick", "train/red/002.png", "--pick", "0", "--json"));
        Assert.Equal(
            [("train/red/002.png", "red"), ("train/blue/000.png", "blue")],
            shell.Json.GetProperty("images").EnumerateArray().Select(image => (image.GetProperty("key").GetString(), image.GetProperty("class").GetString())));
        Shell.Fails(
            2, "--pick red/9.png: there is no such training image; wanted a path within the data, as train/blue/000.png, or a number from 0 to 23",
            Command("--pick", "red/9.png"));
    }

    [Theory]
    [InlineData(32, 32, 128, 128)]
    [InlineData(28, 14, 112, 56)]
    [InlineData(224, 224, 224, 224)]
    [InlineData(512, 256, 256, 128)]
    public void Small_pictures_are_enlarged_by_a_whole_factor_and_large_ones_shrunk(int width, int height, int tileWidth, int tileHeight)
    {
        var tile = PreviewSheet.TileOf(width, height);
        Assert.Equal((tileWidth, tileHeight), (tile.Width, tile.Height));
    }

    [Fact]
    public void Flags_that_cannot_be_are_refused()
    {
        Shell.Fails(2, "--images is 65; wanted 1 to 64", Command("--images", "65"));
        Shell.Fails(2, "--draws is 0; wanted at least 1", Command("--draws", "0"));
        Shell.Fails(2, "--epoch is 0; wanted at least 1", Command("--epoch", "0"));
        Shell.Fails(2, "--images and --pick both say which images to show; wanted one of them", Command("--images", "2", "--pick", "1"));
        var jpeg = Command();
        jpeg[^1] = _folder.Path("sheet.jpg");
        Shell.Fails(2, $"{jpeg[^1]}: ends in '.jpg'; wanted a file that ends in .png", jpeg);
        File.WriteAllText(Sheet, "my notes");
        Shell.Fails(2, $"{Sheet}: stands there already and is not a PNG picture; remove it, or choose another name", Command());
    }

    [Fact]
    public void Draws_have_the_size_of_their_epoch_and_those_after_the_end_are_marked()
    {
        string[] stages = ["--set", "data.progressive=[{until: 0.3, image_size: 16}, {until: 0.6, image_size: 24}]", "--set", "train.epochs=4"];
        var shell = Shell.Run(Command([.. stages, "--draws", "6", "--json", "--set", "augment.mixing=[mixup]"]));
        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Equal(
            [(1, 16, false), (2, 16, false), (3, 24, false), (4, 32, false), (5, 32, true), (6, 32, true)],
            shell.Json.GetProperty("draws").EnumerateArray().Select(draw => (
                draw.GetProperty("epoch").GetInt32(), draw.GetProperty("image_size").GetInt32(), draw.GetProperty("after_the_end").GetBoolean())));
        Assert.Contains(
            "6 images with 6 draws each, 2 of them after the end of the recipe's 4 epochs\n", Shell.Run(Command([.. stages, "--draws", "6"])).Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_sheet_prints_of_a_path_picks_the_image()
    {
        foreach (var end in (string[])["red/002.png", "…ed/002.png", "...ed/002.png"])
            Assert.Equal(
                "train/red/002.png",
                Shell.Run(Command("--pick", end, "--json")).Json.GetProperty("images")[0].GetProperty("key").GetString());
        Shell.Fails(
            2,
            "--pick 002.png: 3 training images end so, as train/blue/002.png and train/green/002.png; "
            + "wanted a path within the data, as train/blue/000.png, or a number from 0 to 23",
            Command("--pick", "002.png"));
    }
}
