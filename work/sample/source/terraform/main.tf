# What the shop needs besides pods: Terraform is never run in the playground, work/sample/bin/terraform stands for it.
resource "aws_db_instance" "shop" {
  identifier     = "shop"
  engine         = "postgres"
  instance_class = "db.t4g.medium"
}
