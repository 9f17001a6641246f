using Fovea.Cli.Foreign;
using Fovea.Cli.Usage;
using Fovea.Recipes;

namespace Fovea.Cli.Tests.Commands;

/// <summary>Command lines as users of other systems type them.</summary>
public sealed class ForeignCommandLineTests : IDisposable
{
    private const string MindCv = "dataset: imagenet\nmodel: resnet18\nbatch_size: 4\nepoch_size: 2\nimage_resize: 32\nopt: momentum\nlr: 0.1\nwarmup_epochs: 0\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("train --config F --data_dir D --out O --epoch_size 3 --distribute False --lr 0.2", "train --config F --data D --out O --override epoch_size=3 --override distribute=False --override lr=0.2")]
    [InlineData("train -c F --data-path D --output O --arch mobilenet_v2_100 --batch_size 8", "train -c F --data D --out O --override model=mobilenet_v2_100 --override batch_size=8")]
    [InlineData("train -c F --data D --output O --tag t", "train -c F --data D --out O/resnet18/t")]
    [InlineData("train -c F -o lr=0.3 -o opt=sgd --data D -o O", "train -c F --override lr=0.3 --override opt=sgd --data D -o O")]
    [InlineData("train --opts DATA.IMG_SIZE 112 TRAIN.MIN_LR -1 --arch RepVGG-A0 --data D", "train --override DATA.IMG_SIZE=112 --override TRAIN.MIN_LR=-1 --data D --override MODEL.ARCH=RepVGG-A0")]
    [InlineData("train -c F --data D --out O --pretrained True", "train -c F --data D --out O --override pretrained=True")]
    [InlineData("validate -c F --data_dir D --ckpt_path W --batch_size 16", "validate --data D --weights W --batch 16 --model resnet18 --image-size 32 --crop-fraction 0.875 --interpolation bilinear --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225")]
    [InlineData("train -c F --data D --eval --ckpt_path W --epochs 3", "validate --data D --model resnet18 --image-size 32 --crop-fraction 0.875 --interpolation bilinear --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --weights W")]
    [InlineData("train --data D --out O --eval --opts DATA.IMG_SIZE 112 TEST.CROP True", "validate --data D --image-size 112 --crop-fraction 0.875 --run O")]
    [InlineData("train -c F --data D --out O --eval -o image_resize=48 -o model=resnet50 -o lr=1", "validate --data D --image-size 48 --run O")]
    [InlineData("train -c F --data D --out O --eval --std 1 1 1 --image-size 24", "validate --data D --image-size 24 --std 0.003921569,0.003921569,0.003921569 --run O")]
    [InlineData("train -c F --data D -o O --tag t --eval -o image_resize=48", "validate --data D --image-size 48 --run O/resnet18/t")]
    [InlineData("train --data D --out O --eval --set data.image_size=48", "validate --data D --image-size 48 --run O")]
    [InlineData("train -c F --data D --mean 0.5,0.5,0.5 --seed 3", "train -c F --data D --mean 0.5,0.5,0.5 --override seed=3")]
    [InlineData("train -c F --data D --mean 127.5 127.5 127.5 --workers 2", "train -c F --data D --workers 2 --override mean=[127.5, 127.5, 127.5]")]
    [InlineData("validate -c F --data D -o ckpt_path=W -o image_resize=48 --mean 0,0,0 --std 1,1,1", "validate --data D --mean 0,0,0 --std 1,1,1 --model resnet18 --weights W --image-size 48 --crop-fraction 0.875 --interpolation bilinear")]
    [InlineData("train -c F --data D --out O --throughput", "bench infer resnet18 --training-form --batch 4 --image-size 32 --steps 30 --warm-up 50")]
    [InlineData("predict I --model mobilenet_v2_100 --ckpt_path W", "predict I --model mobilenetv2_100 --weights W")]
    [InlineData("train -c F --data D --out O --throughput --tag t", "bench infer resnet18 --training-form --batch 4 --image-size 32 --steps 30 --warm-up 50")]
    [InlineData("train --batch-size 6 --data D --opts DATA.BATCH_SIZE 4", "train --data D --override DATA.BATCH_SIZE=4 --override DATA.BATCH_SIZE=6")]
    [InlineData("validate -c F --run R --data D", "validate --run R --data D")]
    [InlineData("predict --image_path I --run R", "predict I --run R")]
    [InlineData("cost resnet18 --layers", "cost resnet18 --layers")]
    [InlineData("train --data D --out O --model resnet18 --epochs 3", "train --data D --out O --model resnet18 --epochs 3")]
    public void Command_line_of_another_system_is_one_of_ours(string typed, string meant)
    {
        var file = Written("f.yaml", MindCv);
        Assert.Equal(Words(meant, file), ForeignCommandLine.Translate(Words(typed, file), Tool.Root()));
    }

    [Theory]
    [InlineData("train -c F --data D --out O --throughput", "bench infer F --training-form --batch 8 --steps 30 --warm-up 50")]
    [InlineData("train -c F --data D --out O --tag t", "train -c F --data D --out O/f/t")]
    [InlineData("validate -c F --data D --weights W", "validate --data D --weights W --model F")]
    public void Cfg_is_a_model_by_itself(string typed, string meant)
    {
        var file = Written("f.cfg", "[net]\nbatch=8\nwidth=8\nheight=8\nchannels=3\nmax_batches=2\n[convolutional]\nfilters=3\nsize=1\n[avgpool]\n[softmax]\n");
        Assert.Equal(Words(meant, file), ForeignCommandLine.Translate(Words(typed, file), Tool.Root()));
    }

    [Theory]
    [InlineData("train -c F --data D --out O --tag", "--tag wants a name")]
    [InlineData("train -c F --data D --out O --eval --tag", "--tag wants a name")]
    [InlineData("train --data D --out O --throughput", "--throughput times a model, and the configuration has none; wanted --model NAME")]
    [InlineData("train -c F --data D --tag t", "--tag t names a folder below --out; wanted --out DIR")]
    public void Command_line_that_is_not_complete_is_told(string typed, string message)
    {
        var file = Written("f.yaml", MindCv);
        Assert.Equal(message, Assert.Throws<UsageException>(() => ForeignCommandLine.Translate(Words(typed, file), Tool.Root())).Message);
    }

    [Fact]
    [Trait("row", "S2-05")]
    public void A_checkpoint_of_a_run_goes_on_with_it_and_another_file_is_told_what_it_may_be()
    {
        var checkpoints = Directory.CreateDirectory(_folder.Path("run", "checkpoints")).FullName;
        File.WriteAllText(_folder.Path("run", "recipe.yaml"), "train: {epochs: 1}\n");
        var file = Path.Combine(checkpoints, "epoch-0002.safetensors");
        Assert.Equal(
            ["train", "--data", "D", "--out", _folder.Path("run"), "--resume", "--checkpoint", "epoch-0002"],
            ForeignCommandLine.Translate(["train", "--data", "D", "--output", "O", "--resume", file], Tool.Root()));
        Assert.Equal(["train", "--data", "D", "--out", "O", "--resume"], ForeignCommandLine.Translate(["train", "--data", "D", "--out", "O", "--resume"], Tool.Root()));
        Assert.StartsWith(
            "--resume w.pth: is no checkpoint in the folder of a run; wanted --out DIR --resume to go on with the run in DIR, or --weights w.pth",
            Assert.Throws<UsageException>(() => ForeignCommandLine.Translate(["train", "--data", "D", "--out", "O", "--resume", "w.pth"], Tool.Root())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_imported_recipe_replaces_recipes_alone()
    {
        var (file, other, recipe) = (Written("f.yaml", MindCv), Written("notes.yaml", "mine: 1\n"), _folder.Path("r.yaml"));
        Shell.Fails(2, $"--out {file}: is the configuration itself; wanted another file", "recipe", "import", file, "--out", file);
        Shell.Fails(
            2, $"{other}: stands there already and is not a recipe of this tool (.yaml, .yml); remove it, or choose another name", "recipe", "import", file, "--out", other);
        Assert.Equal("mine: 1\n", File.ReadAllText(other));
        foreach (var _ in new[] { 1, 2 }) Assert.Equal(0, Shell.Run("recipe", "import", file, "--out", recipe).Code);
        Assert.Equal("resnet18", RecipeReader.Read(recipe).Model.Name);
    }

    [Fact]
    public void Import_prints_recipe_and_list_and_refuses_what_is_missing_with_a_code_of_its_own()
    {
        var file = Written("f.yaml", MindCv);
        var shown = Shell.Run("recipe", "import", file);
        Assert.Equal(0, shown.Code);
        Assert.Contains("name: resnet18", shown.Out, StringComparison.Ordinal);
        Assert.Contains("#   line 4: epoch_size: 2 -> train.epochs=2\n", shown.Out, StringComparison.Ordinal);
        Assert.Equal("resnet18", RecipeReader.Parse(shown.Out, "shown").Model.Name);
        File.WriteAllText(file, MindCv + "shuffle: False\n");
        Assert.Equal(0, Shell.Run("recipe", "import", file).Code);
        var strict = Shell.Run("recipe", "import", file, "--strict");
        Assert.Equal(4, strict.Code);
        Assert.Contains("1 key cannot be done here, which --strict refuses: shuffle", strict.Error, StringComparison.Ordinal);
        Assert.Contains(" 1 that cannot be done\n", strict.Out, StringComparison.Ordinal);
        File.WriteAllText(file, MindCv.Replace("resnet18", "volo_d1", StringComparison.Ordinal));
        var refused = Shell.Run("recipe", "import", file);
        Assert.Equal(4, refused.Code);
        Assert.DoesNotContain("\nmodel:", refused.Out, StringComparison.Ordinal);
        Assert.Contains("the catalogue has no model 'volo_d1'", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Default_that_cannot_be_done_is_counted_where_it_refuses()
    {
        var file = Written("f.yaml", "model: resnet18\nopt: sgd\nsched: cosine\nepochs: 2\nlr_base: 0.1\n");
        var strict = Shell.Run("recipe", "import", file, "--strict");
        Assert.Equal(4, strict.Code);
        Assert.Contains("1 key cannot be done here, which --strict refuses: train_interpolation", strict.Error, StringComparison.Ordinal);
        Assert.Contains(" 0 that cannot be done; and 1 default of timm that cannot be done\n", strict.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_keeps_where_its_recipe_came_from()
    {
        var file = Written("f.yaml", MindCv);
        var run = _folder.Path("run");
        var trained = Shell.Run("train", "--config", file, "--data_dir", TinyData.Make(_folder, train: 4, validation: 1), "--epoch_size", "1", "--out", run);
        Assert.Equal(0, trained.Code);
        Assert.Contains("--override epoch_size=1: epoch_size: 1 -> train.epochs=1", trained.Error + trained.Out, StringComparison.Ordinal);
        Assert.Contains($"# chosen: from {file}, a configuration of MindCV", File.ReadAllText(Path.Combine(run, "recipe.yaml")), StringComparison.Ordinal);
    }

    private string Written(string name, string text)
    {
        var file = _folder.Path(name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>The words of a line; F is the file, and a list is one word.</summary>
    private static string[] Words(string line, string file) =>
        [.. line.Replace(", ", ",_", StringComparison.Ordinal).Split(' ').Select(word => word == "F" ? file : word.Replace(",_", ", ", StringComparison.Ordinal))];
}
